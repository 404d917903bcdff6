// The one way in: `npm start`, `npm test` and the other root scripts call this with the command's name.
// It needs node and npm and nothing else: pnpm comes through npx, everything else through pnpm.
const floor = [20, 19]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < floor[0] || (major === floor[0] && minor < floor[1])) {
  console.error(`Recordcast needs Node.js ${floor.join('.')} or newer; this is ${process.versions.node}.`)
  process.exit(1)
}
import('./dev/main.mjs').then(({ main }) => main(process.argv.slice(2)))

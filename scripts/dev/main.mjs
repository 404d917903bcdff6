import { commands } from './commands.mjs'
import { Failure } from './run.mjs'

/** Runs the named command and ends the process with its exit code. */
export async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
  if (command === undefined) {
    console.error(`${name === undefined ? 'No command given' : `Unknown command "${name}"`}. The commands are:`)
    for (const [known, { what }] of Object.entries(commands)) console.error(`  npm run ${known.padEnd(10)} ${what}`)
    process.exit(2)
  }
  try {
    process.exit(await command.run(args))
  } catch (error) {
    if (!(error instanceof Failure)) console.error(error)
    else if (error.message !== '') console.error(error.message)
    process.exit(error instanceof Failure ? error.exitCode : 1)
  }
}

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { readConfig, usage } from './config.js'
import { parts } from './parts/index.js'
import { head } from './print-row.js'
import { runApart } from './run-apart.js'
import { runPart } from './run-part.js'
import { serveSide } from './side/serve-side.js'
import type { Row } from './take.js'

/*
The process: arguments in, table and JSON out. 0: every measure was taken, whatever its figures. 1: one failed. 2: arguments.
*/
process.exitCode = await run(process.argv.slice(2))

async function run(args: readonly string[]): Promise<number> {
  const names = parts.map(({ name }) => name)
  let config: ReturnType<typeof readConfig>
  try {
    config = readConfig(args, names)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (config.help) {
    process.stdout.write(`${usage}\nParts:\n${parts.map(({ name, what }) => `  ${name.padEnd(12)}${what}\n`).join('')}`)
    return 0
  }
  if (config.side !== undefined) {
    process.on('disconnect', () => process.exit())
    await serveSide(JSON.parse(config.side), process)
    return 0
  }
  const chosen = parts.filter(({ name }) => config.parts.length === 0 || config.parts.includes(name))
  const others = args.filter((arg) => !names.includes(arg))
  const command = [process.execPath, ...process.execArgv, process.argv[1]!, ...others]
  const write = (text: string): void => void process.stdout.write(text)
  const rows: Row[] = []
  let failed = 0
  if (!config.bare) process.stdout.write(`${head}\n`)
  for (const part of chosen) {
    const taken = chosen.length === 1 ? await runPart(part, config, write) : await runApart(part, command, write)
    rows.push(...taken.rows)
    failed += taken.failed
  }
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model, platform: process.platform }
  writeFileSync(config.json, `${JSON.stringify({ at: new Date().toISOString(), machine, rows, failed }, null, 2)}\n`)
  const missed = rows.filter(({ bars }) => bars.some(({ met }) => !met)).length
  if (!config.bare) {
    process.stdout.write(
      `${rows.length} measures, ${missed} below a bar, ${failed} failed; written to ${config.json}\n`,
    )
  }
  return failed === 0 ? 0 : 1
}

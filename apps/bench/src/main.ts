import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { readConfig, usage } from './config.js'
import { parts } from './parts/index.js'
import { head, number, printRow } from './print-row.js'
import { type Row, take } from './take.js'

/*
The process: arguments in, table and JSON out. 0: every measure was taken, whatever its figures. 1: one failed. 2: arguments.
*/
process.exitCode = await run()

async function run(): Promise<number> {
  const names = parts.map(({ name }) => name)
  let config: ReturnType<typeof readConfig>
  try {
    config = readConfig(process.argv.slice(2), names)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (config.help) {
    process.stdout.write(`${usage}\nParts:\n${parts.map(({ name, what }) => `  ${name.padEnd(12)}${what}\n`).join('')}`)
    return 0
  }
  const rows: Row[] = []
  let failed = 0
  process.stdout.write(`${head}\n`)
  for (const part of parts) {
    if (config.parts.length > 0 && !config.parts.includes(part.name)) continue
    for await (const measure of part.measures(config)) {
      try {
        const row = await take(part.name, measure)
        rows.push(row)
        process.stdout.write(`${printRow(row)}\n`)
        const also = Object.entries(row.also).map(([name, value]) => `${name} ${told(value)}`)
        if (also.length > 0) process.stdout.write(`    ${also.join(' · ')}\n`)
      } catch (error) {
        failed++
        process.stdout.write(`${measure.name}: FAILED ${error instanceof Error ? error.message : String(error)}\n`)
      }
    }
  }
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model, platform: process.platform }
  writeFileSync(config.json, `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`)
  const missed = rows.filter(({ bars }) => bars.some(({ met }) => !met)).length
  process.stdout.write(`${rows.length} measures, ${missed} below a bar, ${failed} failed; written to ${config.json}\n`)
  return failed === 0 ? 0 : 1
}

function told(value: number | string): string {
  return typeof value === 'number' ? number(value) : value
}

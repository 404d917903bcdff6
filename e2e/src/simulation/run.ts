import { missingFrom, sum } from './counters.js'
import { simulate } from './simulate.js'

const usage = 'npm run sim -- [--seeds N] [--from S] [--keep]\n--keep goes on after a failing seed and names them all'

function number(args: readonly string[], name: string, otherwise: number): number {
  const at = args.indexOf(name)
  if (at < 0) return otherwise
  const value = Number(args[at + 1])
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} takes a whole number\n${usage}`)
  return value
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage)
    return 0
  }
  const seeds = number(args, '--seeds', 500)
  const from = number(args, '--from', 1)
  const failing: number[] = []
  const all = []
  for (let seed = from; seed < from + seeds; seed++) {
    const { ok, violations, counters, trace } = await simulate(seed)
    all.push(counters)
    if (!ok) {
      failing.push(seed)
      console.log(`seed ${seed} failed:`)
      for (const line of trace.slice(seeds === 1 ? 0 : -30)) console.log(`  ${line}`)
      for (const violation of violations.slice(0, 10)) console.log(`  - ${violation}`)
      if (!args.includes('--keep')) break
    }
    if ((seed - from + 1) % 100 === 0) console.log(`${seed - from + 1} seeds run, ${failing.length} failed`)
  }
  const total = sum(all)
  for (const [counter, count] of [...total].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(count).padStart(8)}  ${counter}`)
  const never = seeds >= 100 ? missingFrom(total) : []
  for (const counter of never) console.log(`never happened: ${counter}`)
  if (failing.length > 0)
    console.log(`failing seeds: ${failing.join(' ')}; keep one in regressions.ts when it is mended`)
  console.log(`${all.length} seeds, ${failing.length} failed`)
  return failing.length + never.length > 0 ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))

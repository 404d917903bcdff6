import { parseArgs } from 'node:util'
import { printLine } from './print-line.js'
import { runScenario, stopShared } from './run-scenario.js'
import { type BrokerName, brokerNames } from './scenario.js'
import { scenarios } from './scenarios/index.js'

/** The long forms: `npm run soak`, `npm run soak -- --scenario 1,6 --broker nats --short`. Exit 1 if any fails. */
const { values } = parseArgs({
  options: { scenario: { type: 'string' }, broker: { type: 'string' }, short: { type: 'boolean', default: false } },
})
const numbers = values.scenario?.split(',')
const unknown = numbers?.filter((number) => !scenarios.some((scenario) => scenario.number === number)) ?? []
if (unknown.length > 0 || (values.broker !== undefined && !brokerNames.includes(values.broker as BrokerName))) {
  const known = scenarios.map(({ number }) => number).join(', ')
  process.stderr.write(`Known scenarios are ${known}; known brokers ${brokerNames.join(', ')}\n`)
  process.exit(2)
}
let failed = 0
for (const broker of brokerNames) {
  if (values.broker !== undefined && values.broker !== broker) continue
  for (const scenario of scenarios) {
    if (numbers !== undefined && !numbers.includes(scenario.number)) continue
    if (!(scenario.brokers ?? brokerNames).includes(broker)) continue
    const note = (text: string): void => void process.stderr.write(`  ${scenario.number} ${broker}: ${text}\n`)
    try {
      process.stdout.write(`${printLine(await runScenario(scenario, broker, values.short ? 'short' : 'long', note))}\n`)
    } catch (error) {
      failed++
      process.stdout.write(
        `${scenario.number.padEnd(3)} ${broker.padEnd(4)} ${scenario.fault}: FAILED ${String(error)}\n`,
      )
    }
  }
}
await stopShared()
process.exit(failed === 0 ? 0 : 1)

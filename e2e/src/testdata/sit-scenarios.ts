import { afterAll, expect, test } from 'vitest'
import { assertNothingLeft } from '../brokers/leftovers.js'
import { printLine } from '../faults/print-line.js'
import { runScenario, stopShared } from '../faults/run-scenario.js'
import { type BrokerName, brokerNames } from '../faults/scenario.js'
import { scenarios } from '../faults/scenarios/index.js'
import { wants } from './transports.js'

/** Registers the short form of every scenario on one broker. */
export function sitScenarios(broker: BrokerName): void {
  if (!wants(broker)) {
    test.skip(`scenarios on ${broker}: RECORDCAST_TRANSPORTS leaves it out`, () => undefined)
    return
  }
  const lines: string[] = []
  afterAll(async () => {
    process.stdout.write(`${lines.join('\n')}\n`)
    await stopShared()
    await assertNothingLeft()
  })
  for (const scenario of scenarios) {
    if (!(scenario.brokers ?? brokerNames).includes(broker)) continue
    const seen = scenario.open?.[broker]
    if (seen !== undefined) {
      test.skip(`${scenario.number}. ${scenario.fault}: open, ${seen}`, () => undefined)
      continue
    }
    const run = async (): Promise<void> => {
      const ran = await runScenario(scenario, broker, 'short')
      lines.push(printLine(ran))
      expect(ran.outcome.lost).toBe(0)
    }
    test(`${scenario.number}. ${scenario.fault}: nothing is lost`, run, scenario.shortMs ?? 150_000)
  }
}

import { createListener, createSource } from 'recordcast'
import { openQuietBus } from '../embedded/quiet-bus.js'
import { cpuTimeUntil } from '../parts/cpu.js'
import type { Rig } from '../side/rig.js'
import { issue, someFacts } from '../workload/issues.js'
import { type Encoded, type EncodeLoad, wanted } from './shapes.js'

/** A source that emits to 50 listeners over a bus that takes everything and delivers nothing. */
export async function openOurs({ bodyBytes, events }: EncodeLoad): Promise<Rig<Encoded>> {
  const { broker, published } = await openQuietBus()
  const source = createSource({ service: 'forge', broker, records: [{ type: issue }] })
  await source.start()
  const listeners = wanted.map((attributes, index) =>
    createListener({ service: `listener-${index}`, broker }).on(issue.changed, { attributes }, () => undefined),
  )
  await Promise.all(listeners.map((listener) => listener.start()))
  const facts = someFacts(bodyBytes)
  return {
    async run() {
      const before = published.bytes
      const micros = await cpuTimeUntil(async () => {
        for (let index = 0; index < events; index++) await source.emit(issue.changed, facts[index % facts.length]!)
      })
      return { cpuMicros: micros / events, bytes: (published.bytes - before) / events }
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.unsubscribe()))
      await source.stop()
      await broker.close()
    },
  }
}

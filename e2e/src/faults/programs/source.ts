import type { Transport } from '@recordcast/transport'
import { createSource } from 'recordcast'
import { changed, thing } from '../parties.js'
import { connectTo, die, onTold, overlay, type Place, report, settingsOf } from './program.js'

/** A source of things in a process of its own. It emits what it is told: `{emit: [id, …]}`; a SIGTERM ends it in good order. */
export interface SourceSettings extends Place {
  readonly service: string
  /** It dies when so many copies are confirmed, which it then publishes one after the other. */
  readonly dieAfter?: number
}

const { dieAfter, service, ...place } = settingsOf<SourceSettings>()
const broker = await connectTo(place)
const { transport } = broker

let confirmed = 0
let turn: Promise<unknown> = Promise.resolve()
const publish: Transport['publish'] = (queues, message) => {
  const one = async () => {
    const sum = { gone: [] as string[], failed: [] as Awaited<ReturnType<Transport['publish']>>['failed'][number][] }
    for (const queue of queues) {
      if (confirmed === dieAfter) dieConfirmed()
      const { gone, failed } = await transport.publish([queue], message)
      sum.gone.push(...gone)
      sum.failed.push(...failed)
      confirmed += 1 - gone.length - failed.length
    }
    if (confirmed === dieAfter) dieConfirmed()
    return sum
  }
  const published = turn.then(one)
  turn = published
  return published
}

const source = createSource({
  service,
  records: [{ type: thing }],
  timeoutMs: 60_000,
  broker: dieAfter === undefined ? broker : overlay(broker, { publish }),
})
await source.start()
onTold(({ emit }) => void emitAll(emit as readonly string[]))
report({ ready: true })

process.once('SIGTERM', async () => {
  await source.stop()
  await broker.close()
  process.exit(0)
})

async function emitAll(ids: readonly string[]): Promise<void> {
  const left = [...ids]
  const lane = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        const { delivered } = await source.emit(thing.changed, changed(id), { id })
        report({ resolved: id, delivered })
      } catch (error) {
        report({ rejected: id, why: String(error) })
      }
    }
  }
  await Promise.all(Array.from({ length: 100 }, lane))
  report({ done: ids.length })
}

function dieConfirmed(): never {
  report({ confirmed })
  die()
}

import { createListener, createSource } from 'recordcast'
import { wait } from '../../brokers/wait-until.js'
import { changed, thing } from '../parties.js'
import { connectTo, type Place, report, settingsOf } from './program.js'

/**
 * A service that handles created things and emits changed ones, and ends when it is told to by SIGTERM, as an orchestrator does. Its
 * handlers begin and go on until then; those of things named 'endless…' for ever.
 */
export interface WorkerSettings extends Place {
  readonly service: string
  readonly concurrency: number
  /** How many changed things it emits in the moment in which it gets its SIGTERM. */
  readonly emits: number
  /** What their ids begin with. */
  readonly prefix: string
  readonly stopTimeoutMs: number
}

const { service, concurrency, emits, prefix, stopTimeoutMs, ...place } = settingsOf<WorkerSettings>()
const broker = await connectTo(place)
const source = createSource({ service, records: [{ type: thing }], broker })
const listener = createListener({ service, concurrency, stopTimeoutMs, timeoutMs: 120_000, broker })
let running = 0
let unresolved = 0
let terminated = (): void => {}
const termination = new Promise<void>((resolve) => {
  terminated = resolve
})

listener.on(thing.created, { attributes: ['n'] }, async ({ id }) => {
  report({ began: id })
  running++
  await termination
  if (id.startsWith('endless')) await new Promise(() => {})
  await wait(300)
  running--
  report({ effect: id })
})
await source.start()
await listener.start()
report({ ready: true })

process.once('SIGTERM', async () => {
  // Now, so that none of them can be confirmed yet.
  for (let n = 0; n < emits; n++) void emit(`${prefix}${n}`)
  report({ terminated: true, running, unresolved })
  terminated()
  await Promise.all([listener.stop(), source.stop()])
  await broker.close()
  report({ closed: true, unresolved })
  process.exit(0)
})

async function emit(id: string): Promise<void> {
  unresolved++
  try {
    const { delivered } = await source.emit(thing.changed, changed(id), { id })
    report({ resolved: id, delivered })
  } catch (error) {
    report({ rejected: id, why: String(error) })
  }
  unresolved--
}

import { createListener } from 'recordcast'
import { wait } from '../../brokers/wait-until.js'
import { thing } from '../parties.js'
import { connectTo, onTold, type Place, report, settingsOf } from './program.js'

/**
 * A listener with everything wrong at once, in a process of its own: it asks for a huge attribute, its handlers are slow, and some events
 * are poison to it. Told anything it unsubscribes and ends.
 */
export interface SuffererSettings extends Place {
  readonly service: string
  readonly concurrency: number
  /** How long a handler takes. */
  readonly handleMs: number
  /** Every so many-th event fails at each attempt. */
  readonly poisonEvery: number
}

const { service, concurrency, handleMs, poisonEvery, ...place } = settingsOf<SuffererSettings>()
const broker = await connectTo(place)
const retry = { delaysMs: [250, 250, 250], jitter: 0 }
const listener = createListener({ service, concurrency, retry, broker })
let bytes = 0
listener.on(thing.changed, { attributes: ['n', 'a', 'c'] }, async ({ data }) => {
  bytes += data.c.length
  if (data.n % poisonEvery === 0) throw new Error('This one always fails')
  await wait(handleMs)
})
await listener.start()
onTold(async () => {
  const { handled, failed } = listener.stats()
  report({ handled, failed, bytes })
  await listener.unsubscribe()
  report({ left: true })
  await broker.close()
  process.exit(0)
})
report({ ready: true })

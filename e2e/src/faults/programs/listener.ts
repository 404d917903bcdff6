import type { Delivery, Transport, Verdict } from '@recordcast/transport'
import { createListener } from 'recordcast'
import { wait, waitUntil } from '../../brokers/wait-until.js'
import { thing } from '../parties.js'
import { connectTo, die, onTold, overlay, type Place, report, settingsOf } from './program.js'

/** A listener to changed things in a process of its own, which dies where it is told to. */
export interface ListenerSettings extends Place {
  readonly service: string
  readonly concurrency?: number
  /** How long a handler takes. */
  readonly handleMs?: number
  /** Deliveries without a verdict after which an event is parked. */
  readonly unanswered?: number
  /** Which event is fatal: the so many-th delivery, or an id, each time. */
  readonly fatal?: number | string
  /**
   * What happens with it. A kill before the handler, in it, between its effect and the ack, after the ack; an exit of the handler's own;
   * or a handler that waits until the program is told to go on.
   */
  readonly fate?: 'before' | 'in' | 'unacked' | 'acked' | 'exit' | 'hold'
}

const { fatal, fate, handleMs = 0, ...settings } = settingsOf<ListenerSettings>()
let delivered = 0
let doomed: string | undefined
let goOn = (): void => {}
const toldToGoOn = new Promise<void>((resolve) => {
  goOn = resolve
})
onTold(() => goOn())

const broker = await connectTo(settings)
const { transport } = broker

const consume: Transport['consume'] = (queue, options, handle) =>
  transport.consume(queue, options, async (delivery) => {
    const id = idOf(delivery)
    if (++delivered === fatal || id === fatal) doomed ??= id
    report({ delivered: id, unanswered: delivery.unanswered })
    if (id === doomed && fate === 'before') dieOf(id)
    const verdict: Verdict = await handle(delivery)
    if (id === doomed && fate === 'unacked') dieOf(id)
    if (id === doomed && fate === 'acked') void dieWhenAcked(queue, id)
    return verdict
  })

const listener = createListener({
  service: settings.service,
  broker: overlay(broker, { consume }),
  ...(settings.concurrency && { concurrency: settings.concurrency }),
  ...(settings.unanswered && { retry: { unanswered: settings.unanswered } }),
})
listener.on(thing.changed, { attributes: ['n', 'a'] }, async ({ id }, { signal }) => {
  report({ began: id })
  if (id === doomed && fate === 'hold') await hold(id, signal)
  await wait(handleMs)
  if (id === doomed && fate === 'in') dieOf(id)
  if (id === doomed && fate === 'exit') process.exit(1)
  report({ effect: id })
})
await listener.start()
report({ ready: true })

process.once('SIGTERM', async () => {
  await listener.stop()
  await broker.close()
  process.exit(0)
})

/** Comes to its end only if nobody has told it meanwhile that it is too late. */
async function hold(id: string, signal: AbortSignal): Promise<void> {
  await toldToGoOn
  await waitUntil(() => signal.aborted, { what: 'the end of a delivery that others have', timeoutMs: 15_000 })
  report({ aborted: id })
  signal.throwIfAborted()
}

/** The ack leaves with the verdict; what is asked later is answered when it has left. */
async function dieWhenAcked(queue: string, id: string): Promise<void> {
  await wait(20)
  await transport.inspect(queue)
  dieOf(id)
}

function dieOf(id: string): never {
  report({ dying: id })
  die()
}

function idOf({ message }: Delivery): string {
  return JSON.parse(new TextDecoder().decode(message.body)).id
}

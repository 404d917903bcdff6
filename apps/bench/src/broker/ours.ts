import { randomUUID } from 'node:crypto'
import type { Transport } from '@recordcast/transport'
import { connect, createListener, createSource, defineRecord } from 'recordcast'
import { z } from 'zod'
import { recordOf, textFor } from './document.js'
import { mostUnacked, type Side, type SideOptions } from './side.js'

const item = defineRecord('item', z.object({ n: z.number(), text: z.string() }))

/** A listener takes four times its concurrency from the broker. */
const concurrency = mostUnacked / 4

/**
 * A source and listeners as a user writes them, all of a broker's own settings at their default.
 *
 * @param sweep deletes what the broker keeps of a namespace when everybody has left
 */
export async function openOurs(
  { url, listeners: count, bytes }: SideOptions,
  sweep: (namespace: string, transport: Transport) => Promise<void>,
): Promise<Side> {
  const namespace = `bench-${randomUUID().slice(0, 8)}`
  const broker = await connect(url, { namespace })
  const source = createSource({ service: 'bench', broker, records: [{ type: item }] })
  await source.start()
  const listeners = Array.from({ length: count }, (_, at) =>
    createListener({ service: 'bench', name: `l${at}`, broker, concurrency }).on(
      item.created,
      { attributes: ['n', 'text'] },
      ({ data }) => side.heard(data.n),
    ),
  )
  for (const listener of listeners) await listener.start()
  const text = textFor(bytes)
  const side: Side = {
    listeners: count,
    heard: () => undefined,
    send(n, done) {
      source.emit(item.created, { id: recordOf(n), after: { n, text } }).then(({ delivered }) => {
        done(delivered.length === count ? undefined : new Error(`Only ${delivered.length} of ${count} have event ${n}`))
      }, done)
    },
    async close() {
      for (const listener of listeners) await listener.unsubscribe()
      await source.stop()
      await broker.close()
      await sweep(namespace, broker.transport)
    },
  }
  return side
}

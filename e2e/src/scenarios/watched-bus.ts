import { trace } from '@opentelemetry/api'
import { type ConnectOptions, connect, createListener } from 'recordcast'
import { type cleanups, forge, gather, issue } from './forge.js'

type Telemetry = NonNullable<ConnectOptions['telemetry']>
let buses = 0

/** The URL of a bus that nobody has used yet. */
export const newUrl = (): string => `memory://telemetry-${++buses}`

/** A source and a listener, each with a connection of its own. */
export async function watchedBus(
  ends: ReturnType<typeof cleanups>,
  telemetry: Telemetry,
  handler: (span: string | undefined) => unknown,
  url = newUrl(),
) {
  const open = async () => {
    const broker = await connect(url, { telemetry })
    ends.add(() => broker.close())
    return broker
  }
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  const listener = createListener({ service: 'notifier', broker: await open(), retry: { delaysMs: [1], jitter: 0 } })
  const seen = gather<string | undefined>()
  listener.on(issue.changed, { attributes: ['author.login'], where: { state: ['closed'] } }, () => {
    const active = trace.getActiveSpan()?.spanContext().spanId
    seen.add(active)
    return handler(active)
  })
  ends.add(() => listener.stop())
  await listener.start()
  return { source, listener, seen }
}

import { createListener, createSource, type Listener, type Source } from 'recordcast'
import type { Ledger } from './ledger.js'
import { changed, connectIn, thing } from './parties.js'
import type { Room } from './scenario.js'
import { retryMs, type Strike, struck } from './strikes.js'
import { keepTold, type Told } from './told.js'

/** A namespace of its own with a source and a listener, for one strike. */
export interface World {
  readonly strike: Strike
  readonly space: string
  readonly ledger: Ledger
  readonly told: Told
  readonly source: Source
  readonly listener: Listener
  /** Starts another source, with a connection of its own. */
  newSource(): Promise<Source>
  /** Another listener, not started, with a connection of its own. */
  newListener(service: string): Promise<Listener>
}

/** Starts both. Handlers fail each event once where the strike is against retries. */
export async function beginWorld(
  room: Room,
  url: string,
  strike: Strike,
  space: string,
  ledger: Ledger,
): Promise<World> {
  const told = keepTold()
  const connection = () => connectIn(room, url, { namespace: space, logger: told.logger })
  const newSource = async (): Promise<Source> => {
    const timeoutMs = strike.target === 'subject' ? 2000 : 60_000
    const source = createSource({
      service: 'forge',
      records: [{ type: thing }],
      timeoutMs,
      broker: await connection(),
    })
    await source.start()
    room.ends(() => source.stop())
    return source
  }
  const newListener = async (service: string): Promise<Listener> => {
    const retry = { delaysMs: [retryMs, retryMs, retryMs], jitter: 0 }
    const listener = createListener({ service, retry, broker: await connection() })
    listener.on(thing.changed, { attributes: ['n', 'a'] }, (event, { attempt }) => {
      if (strike.target === 'retries' && attempt === 1) throw new Error('The first attempt fails')
      if (service === struck) ledger.handle(struck, event.id)
    })
    room.ends(() => listener.stop())
    return listener
  }
  const listener = await newListener(struck)
  await listener.start()
  return { strike, space, ledger, told, source: await newSource(), listener, newSource, newListener }
}

/** Emits at once; every event must get into the listener's queue, and is owed to it. */
export async function flows({ strike, source, ledger }: World, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, n) => emitOne(strike, source, ledger, n))
  for (const result of await Promise.all(all))
    if (result !== 'delivered') throw new Error(`After "${strike.what}" an emit was ${result}`)
}

let ids = 0

/** One emit, owed to the listener if it resolved with it: 'gone' if the queue was named so, 'unseen' if nobody was thought to listen. */
export async function emitOne(
  { what }: Strike,
  source: Source,
  ledger: Ledger,
  n = 0,
): Promise<'delivered' | 'gone' | 'unseen'> {
  const id = `${what}-${++ids}`
  ledger.emit()
  const { delivered, gone } = await source.emit(thing.changed, changed(`${n}`, n), { id })
  ledger.resolve(id, delivered.includes(struck) ? [struck] : [])
  if (delivered.includes(struck)) return 'delivered'
  return gone.includes(struck) ? 'gone' : 'unseen'
}

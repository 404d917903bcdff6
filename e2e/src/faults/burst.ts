import type { Source } from 'recordcast'
import type { Ledger } from './ledger.js'
import { changed, thing } from './parties.js'

export interface Burst {
  /** Emits that reject at once because the source's window is full. */
  readonly bufferFull: number
  /** Most that waited for the broker at a time. */
  readonly mostWaiting: number
  /** How much the process grew meanwhile, in MiB. */
  readonly grownMb: number
  /** Resolves when those that wait have ended; rejects with the first that failed for another reason than a full window. */
  readonly done: Promise<void>
}

/** Emits far more than a source that cannot publish may hold, without waiting for any; each that resolves is entered in the ledger. */
export async function burst(
  source: Source,
  ledger: Ledger,
  count: number,
  { prefix, bytes = 100 }: { readonly prefix: string; readonly bytes?: number },
): Promise<Burst> {
  const before = process.memoryUsage.rss()
  const text = 'x'.repeat(bytes)
  const under: Promise<void>[] = []
  let bufferFull = 0
  let waiting = 0
  let mostWaiting = 0
  let grown = 0
  const emit = async (n: number): Promise<void> => {
    const id = `${prefix}${n}`
    const { after } = changed(id, n)
    ledger.emit()
    waiting++
    try {
      const { delivered } = await source.emit(thing.changed, { id, after: { ...after, a: text } }, { id })
      ledger.resolve(id, delivered)
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'buffer-full') throw error
      bufferFull++
    } finally {
      waiting--
    }
  }
  for (let n = 0; n < count; n++) {
    const one = emit(n)
    one.catch(() => undefined)
    under.push(one)
    if (n % 100 < 99 && n < count - 1) continue
    await new Promise((resolve) => setImmediate(resolve))
    mostWaiting = Math.max(mostWaiting, waiting)
    grown = Math.max(grown, process.memoryUsage.rss() - before)
  }
  const done = Promise.all(under).then(() => undefined)
  done.catch(() => undefined)
  return { bufferFull, mostWaiting, grownMb: Math.round(grown / 1024 / 1024), done }
}

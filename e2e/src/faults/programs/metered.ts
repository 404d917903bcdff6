import { createSource } from 'recordcast'
import { wait } from '../../brokers/wait-until.js'
import { changed, thing } from '../parties.js'
import { queuedMs, watchLoop } from '../watch-loop.js'
import { connectTo, onTold, type Place, report, settingsOf } from './program.js'

/**
 * A source of things in a process of its own, which says how long its start took and for how long it held up everything else. Told
 * `{emit: id}` it emits, and says that of the time since it last spoke.
 */
export type MeteredSettings = Place

const broker = await connectTo(settingsOf<MeteredSettings>())
const source = createSource({ service: 'forge', records: [{ type: thing }], broker })
await wait(50)
const watch = watchLoop()
const began = performance.now()
const queued = queuedMs()
await source.start()
const readyMs = performance.now() - began
const ownReadyMs = readyMs - (queuedMs() - queued)
// What was put off until after the start counts as well.
await wait(200)
report({ ready: true, readyMs, ownReadyMs, ...watch.take(), ...seen() })
onTold(({ emit }) => void emitOne(String(emit)))

process.once('SIGTERM', async () => {
  watch.end()
  await source.stop()
  await broker.close()
  process.exit(0)
})

async function emitOne(id: string): Promise<void> {
  const stalls = watch.take()
  const { delivered } = await source.emit(thing.changed, changed(id, -1), { id })
  report({ emitted: id, delivered, ...stalls, ...seen() })
}

function seen() {
  const { setAside, listeners } = source.stats()
  return { setAside, subscriptions: listeners.length }
}

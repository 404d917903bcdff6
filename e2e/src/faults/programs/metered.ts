import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { connect, createSource } from 'recordcast'
import { wait } from '../../brokers/wait-until.js'
import { changed, thing } from '../parties.js'

/*
A source in a process of its own, which says how long its start took and for how long that held up everything else. Arguments: the broker's
address, the namespace. It emits once for each line on its stdin.
*/
const [url = '', namespace = ''] = process.argv.slice(2)
const broker = await connect(url, { namespace })
const source = createSource({ service: 'forge', records: [{ type: thing }], broker })
const delays = monitorEventLoopDelay({ resolution: 5 })
delays.enable()
await wait(50)
const began = performance.now()
await source.start()
const readyMs = performance.now() - began
await wait(200)
delays.disable()
const { setAside, listeners } = source.stats()
report({ readyMs, stallMs: delays.max / 1e6, setAside, listeners: listeners.length })
for await (const id of createInterface({ input: process.stdin })) {
  const { delivered } = await source.emit(thing.changed, changed('one'), { id: JSON.parse(id) })
  report({ delivered })
}

function report(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

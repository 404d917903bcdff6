import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { fork, type Program } from '../../brokers/process.js'
import { wait, waitUntil } from '../../brokers/wait-until.js'
import { createLedger } from '../ledger.js'
import { median } from '../median.js'
import { changed, startListener, startSource, thing } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/** The admin is asked for as much as it can answer, every hundredth request malformed, while events flow on the same bus. */
export const saturatedAdmin: Scenario = {
  number: '13',
  fault: 'admin at saturation, every hundredth request malformed',
  run: saturate,
}

const server = fileURLToPath(new URL('../../../../apps/admin/dist/server.js', import.meta.url))
const json = { 'content-type': 'application/json' }
const explain = JSON.stringify({ listener: 'one', sample: { type: 'thing.changed', ...changed('s'), subject: 's' } })
const good = [
  { path: '/api/listeners' },
  { path: '/api/listeners/one' },
  { path: '/api/subscriptions?attribute=n' },
  { path: '/api/sources' },
  { path: '/api/attributes?record=thing' },
  { path: '/api/impact?record=thing&remove=n' },
  { path: '/api/listeners/one/parked' },
  { path: '/metrics' },
  { method: 'POST', path: '/api/explain', headers: json, body: explain },
] as const
const bad = [
  { method: 'POST', path: '/api/explain', headers: json, body: '{"listener":' },
  { path: '/api/listeners/%2e%2e%2f__proto__' },
  { path: '/api/subscriptions?limit=1e9&cursor=%00' },
  { method: 'POST', path: '/api/listeners/one/replay', headers: json, body: '{"__proto__":{"all":true}}' },
  { method: 'POST', path: '/api/explain', headers: { 'content-type': 'text/plain' }, body: 'x' },
] as const
/** What a connection asks, over and over: ninety-nine good ones and one of the bad ones. */
const requestsOf = (connection: number) =>
  Array.from({ length: 100 }, (_, n) => (n === 9 ? bad[connection % bad.length]! : good[n % good.length]!))

async function saturate(room: Room): Promise<Outcome> {
  const [rounds, seconds] = room.size === 'long' ? [4, 12] : [2, 2]
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const took: number[] = []
  const began = new Map<string, number>()
  await startListener(room, url, 'one', ledger, {}, (id) => void took.push(performance.now() - began.get(id)!))
  const source = await startSource(room, url)
  let emitting = true
  const emit = async (): Promise<void> => {
    for (let n = 0; emitting; n++) {
      const id = `e${n}`
      began.set(id, performance.now())
      ledger.emit()
      const { delivered } = await source.emit(thing.changed, changed(id), { id })
      ledger.resolve(id, delivered)
      await wait(20)
    }
  }
  const events = emit()
  const options = ['--broker', url, '--namespace', room.namespace, '--port', '0', '--rate', '1000000']
  const admin = fork(server, [...options, '--log-level', 'error'])
  room.ends(() => admin.stop())
  const address = await waitUntil(() => /listens on (\S+)/.exec(admin.complaints)?.[1], { what: 'the admin to listen' })
  await wait(1000)
  const calmMs = middle(took.splice(0))

  const codes = new Map<string, number>()
  const sizes: number[] = []
  for (let round = 0; round < rounds; round++) {
    let connections = 0
    const setupClient = (client: { setRequests(requests: autocannon.Request[]): void }): void =>
      client.setRequests(requestsOf(connections++))
    const result = await autocannon({ url: address, connections: 20, duration: seconds, setupClient })
    if (result.errors > 0) throw new Error(`${result.errors} requests had no answer`)
    for (const [code, { count }] of Object.entries(result.statusCodeStats ?? {})) {
      codes.set(code, (codes.get(code) ?? 0) + (count ?? 0))
    }
    sizes.push(residentMb(admin))
    room.note(`round ${round + 1}: ${result.requests.total} requests, ${sizes.at(-1)} MB`)
  }
  emitting = false
  await events
  await ledger.settled(60_000)
  const told = [...codes].map(([code, count]) => `${code} × ${count}`).join(', ')
  const awaited = ['200', '400', '404', '415'].every((code) => codes.has(code))
  if (codes.has('500') || !awaited) throw new Error(`The answers were ${told}`)
  const grown = sizes.at(-1)! - sizes[0]!
  if (grown > 100) throw new Error(`The admin grew by ${grown} MB: ${sizes.join(', ')}`)
  const also = { answers: told, 'MB by round': sizes.join(' '), 'p50 ms calm': calmMs, 'p50 ms under it': middle(took) }
  return { ...ledger.counts(), also }
}

/** Of milliseconds, to a tenth; 0 where there are none. */
const middle = (figures: readonly number[]): number => Math.round(10 * (median(figures) || 0)) / 10

/** What the process holds in memory, as Linux tells it. */
function residentMb({ pid }: Program): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1024)
}

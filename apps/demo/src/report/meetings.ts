import type { Opened } from '../company/company.js'
import type { Meeting } from '../meet.js'
import { cut, milliseconds, nameWidth, type Out } from './out.js'

export function printFirst(out: Out, { service, pids, ms }: Meeting, taken: number): void {
  print(out, service, `was there before the source, which read ${taken} subscriptions`, pids, ms)
}

export function printForge(out: Out, { pid, ms, taken }: Opened): void {
  const found = Object.keys(taken).length
  const pids = pid === undefined ? [] : [pid]
  print(out, 'forge (source)', `started and found ${found} listeners on the board`, pids, ms)
}

/** `after` how many events it came, when the replay was on already. */
export function printLater(out: Out, { service, pids, ms, accepted, sources }: Meeting, after?: number): void {
  const found = sources.join(', ') || 'no source'
  const how =
    after === undefined
      ? `found ${found} on the board and asked: accepted ${accepted}`
      : `joined after ${after} events, found ${found} and asked: accepted ${accepted}`
  print(out, service, how, pids, ms)
}

function print(out: Out, name: string, how: string, pids: readonly number[], ms: number): void {
  const where = pids.length === 0 ? '' : `pid ${pids.join(' ')}, `
  const time = `(${where}${milliseconds(ms)})`
  const sentence = cut(how, out.width - nameWidth - time.length - 3)
  out.line(`  ${out.strong(name.padEnd(nameWidth))}${sentence} ${out.faint(time)}`)
}

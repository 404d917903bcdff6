import type { Meeting } from '../meet.js'
import { cut, milliseconds, nameWidth, type Out } from './out.js'

export function printFirst(out: Out, { member, ms }: Meeting, taken: number): void {
  const how = `was there before the source, which read ${taken} subscriptions off the board`
  print(out, member.service, how, ms)
}

export function printForge(out: Out, ms: number, taken: ReadonlyMap<string, number>): void {
  print(out, 'forge (source)', `started and found ${taken.size} listeners on the board`, ms)
}

/** `after` how many events it came, when the replay was on already. */
export function printLater(out: Out, { member, ms, accepted, sources }: Meeting, after?: number): void {
  const when = after === undefined ? '' : `joined after ${after} events, `
  const how = `found ${sources.join(', ') || 'no source'} on the board and asked: accepted ${accepted}`
  print(out, member.service, when + how, ms)
}

function print(out: Out, name: string, how: string, ms: number): void {
  const time = `(${milliseconds(ms)})`
  const sentence = cut(how, out.width - nameWidth - time.length - 3)
  out.line(`  ${out.strong(name.padEnd(nameWidth))}${sentence} ${out.faint(time)}`)
}

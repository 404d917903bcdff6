import type { Shape } from '@recordcast/operator/shapes'
import type { Cell } from './table.js'

/** A moment to the second. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z')
}

/** 3 d 4 h, 5 min, 12 s */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** One is a message, two are messages. */
export function count(n: number, what: string, many = `${what}s`): string {
  return `${n.toLocaleString('en-GB')} ${n === 1 ? what : many}`
}

/** Any value on one line. */
export function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}

type Row = Pick<Shape<'listenerRow'>, 'depth' | 'missing' | 'paused' | 'problem' | 'delivery'>

/** How a listener fares, in a word. */
export function stateOf({ depth, missing, paused, problem }: Row): Cell {
  if (missing) return { text: 'queue gone', tone: 'bad' }
  if (problem !== undefined) return { text: problem.code, tone: 'bad' }
  if (paused !== undefined) return { text: 'paused', tone: 'bad' }
  if (depth?.attended) return { text: 'running', tone: 'good' }
  return { text: 'away', tone: 'faint' }
}

/** A count that somebody should look at unless it is zero. */
export function alarming(n: number | undefined): Cell {
  if (n === undefined) return ''
  return n === 0 ? n : { text: n.toLocaleString('en-GB'), tone: 'bad' }
}

import { issueAttributes } from '../workload/issues.js'

/** So many events, each encoded for 50 listeners. */
export interface EncodeLoad {
  /** Of an event's document, about. */
  readonly bodyBytes: number
  readonly events: number
}

/** All have the text, which is most of an event. */
const five: readonly (readonly string[])[] = [
  issueAttributes,
  ['title', 'text'],
  ['number', 'title', 'state', 'text'],
  ['title', 'author.login', 'text'],
  ['state', 'labels', 'text'],
]

/** What each of 50 listeners wants, in five shapes. */
export const wanted: readonly (readonly string[])[] = Array.from({ length: 50 }, (_, at) => five[at % five.length]!)

/** Of what is encoded, whoever does it. */
export interface Encoded {
  /** Microseconds of this process's CPU an event. */
  readonly cpuMicros: number
  /** That came out for an event. */
  readonly bytes: number
}

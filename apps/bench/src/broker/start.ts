import type { Transport } from '@recordcast/transport'
import type { Measure } from '../measure.js'
import { median } from '../take.js'
import { type Crowd, openCrowd } from './crowd.js'

export interface Start {
  /** What the broker is called. */
  readonly broker: string
  readonly url: string
  readonly listeners: number
  /** Milliseconds that ours may take. */
  readonly atMost: number
  /** Deletes what the broker keeps of a namespace. */
  readonly sweep: (namespace: string, transport: Transport) => Promise<void>
  /** Reads the bytes of so many listeners off the board of a namespace; resolves with the milliseconds that took. */
  readonly read: (namespace: string, listeners: number) => Promise<number>
}

/** A source that starts among so many listeners, beside reading the same bytes. CPU time is told as well, for on a busy machine most of the rest is waiting. */
export function startMeasure({ broker, url, listeners, atMost, sweep, read }: Start): Measure {
  let crowd: Promise<Crowd> | undefined
  const open = (): Promise<Crowd> => {
    crowd ??= openCrowd(url, listeners, sweep)
    return crowd
  }
  const cpuMs: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] }
  const counted = async (who: 'ours' | 'theirs', run: (crowd: Crowd) => Promise<number>): Promise<number> => {
    const opened = await open()
    const before = process.cpuUsage()
    const ms = await run(opened)
    const { user, system } = process.cpuUsage(before)
    cpuMs[who].push((user + system) / 1000)
    return ms
  }
  return {
    name: `${broker}, a source starts among ${listeners.toLocaleString('en-GB')} listeners`,
    against: 'reading the same bytes',
    unit: 'ms',
    better: 'lower',
    bars: [
      { of: 'ratio', atLeast: 1 / 1.5 },
      { of: 'ours', atMost },
    ],
    ours: () => counted('ours', (opened) => opened.start()),
    theirs: () => counted('theirs', ({ namespace }) => read(namespace, listeners)),
    also: () => ({ 'ms of CPU, ours': median(cpuMs.ours), 'ms of CPU, theirs': median(cpuMs.theirs) }),
    end: async () => (await crowd)?.close(),
  }
}

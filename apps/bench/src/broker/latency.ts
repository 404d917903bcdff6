import type { Side } from './side.js'

export interface Latency {
  /** Milliseconds from the call that sends to the handler. */
  readonly p50: number
  readonly p99: number
}

const tickMs = 1

/** Sends at an even pace and times each event on its way to the handler. The first tenth warms up and is not counted. */
export function latency(side: Side, perSecond: number, seconds: number): Promise<Latency> {
  const events = perSecond * seconds
  const warm = Math.floor(events / 10)
  const sentAt = new Float64Array(events)
  const took: number[] = []
  let sent = 0
  let confirmed = 0
  let handled = 0
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (confirmed < events || handled < events * side.listeners) return
      side.heard = () => undefined
      took.sort((a, b) => a - b)
      resolve({ p50: took[Math.floor(took.length * 0.5)]!, p99: took[Math.floor(took.length * 0.99)]! })
    }
    const done = (error?: unknown): void => {
      if (error) reject(error)
      confirmed++
      look()
    }
    side.heard = (n) => {
      handled++
      if (n >= warm) took.push(performance.now() - sentAt[n]!)
      look()
    }
    const began = performance.now()
    const tick = (): void => {
      const due = Math.min(events, Math.floor(((performance.now() - began) * perSecond) / 1000))
      while (sent < due) {
        sentAt[sent] = performance.now()
        side.send(sent++, done)
      }
      if (sent < events) setTimeout(tick, tickMs)
    }
    tick()
  })
}

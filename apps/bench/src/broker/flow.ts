import { mostUnconfirmed, type Side } from './side.js'

export interface Flow {
  /** Copies handled a second. */
  readonly rate: number
  /** Microseconds of this process's CPU time a copy, sender and listeners together. */
  readonly cpu: number
}

/** Sends as fast as the window of unconfirmed copies lets it, until every listener has handled every event. */
export function flow(side: Side, events: number): Promise<Flow> {
  const copies = events * side.listeners
  const mostEvents = Math.max(1, Math.floor((side.window ?? mostUnconfirmed) / side.listeners))
  let sent = 0
  let confirmed = 0
  let handled = 0
  const began = performance.now()
  const cpu = process.cpuUsage()
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (confirmed < events || handled < copies) return
      side.heard = () => undefined
      const ms = performance.now() - began
      const { user, system } = process.cpuUsage(cpu)
      resolve({ rate: (copies * 1000) / ms, cpu: (user + system) / copies })
    }
    const done = (error?: unknown): void => {
      if (error) {
        reject(error)
        return
      }
      confirmed++
      more()
      look()
    }
    const more = (): void => {
      while (sent < events && sent - confirmed < mostEvents) side.send(sent++, done)
    }
    side.heard = () => {
      if (++handled === copies) look()
    }
    more()
  })
}

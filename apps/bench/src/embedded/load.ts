/** So many events, each to every listener. */
export interface Load {
  readonly listeners: number
  /** Of an event's document, about. */
  readonly bodyBytes: number
  /** Most events that are emitted and not confirmed yet. */
  readonly window: number
  readonly events: number
}

export interface Figures {
  /** Handled deliveries, from the first emit to the last handler. */
  readonly perSecond: number
  /** Microseconds of this process's CPU a delivery, of all its threads. */
  readonly cpuMicros: number
}

/** Times what delivers `deliveries` times. */
export async function timed(deliveries: number, deliver: () => void | Promise<void>): Promise<Figures> {
  const cpu = process.cpuUsage()
  const began = performance.now()
  await deliver()
  const took = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (deliveries * 1000) / took, cpuMicros: (user + system) / deliveries }
}

/**
 * Microseconds of CPU time that a run took, garbage collection included. What only computes is measured by it: others may
 * be using the machine.
 */
export function cpuTime(run: () => void): number {
  const began = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(began)
  return user + system
}

/** The same of a run that has to be waited for, and of all else that the process does meanwhile. */
export async function cpuTimeUntil(run: () => Promise<unknown>): Promise<number> {
  const began = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(began)
  return user + system
}

/** So many of a list, evenly spaced. */
export function spaced<T>(list: readonly T[], count: number): readonly T[] {
  if (count >= list.length) return list
  return Array.from({ length: count }, (_, at) => list[Math.floor((at * list.length) / count)]!)
}

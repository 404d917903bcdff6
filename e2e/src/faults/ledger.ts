/** Who has handled what, how often; and what must have been handled. */
export interface Ledger {
  /** An emit was called. */
  emit(): void
  /** It resolved; these queues have the event. */
  resolve(id: string, queues: readonly string[]): void
  /** A handler of this queue came to its end with it. */
  handle(queue: string, id: string): void
  /** It stands on the queue's shelf, which is as good as handled. */
  park(queue: string, id: string): void
  counts(): { emitted: number; resolved: number; handled: number; lost: number; duplicated: number }
  /** What is owed still, at most so many: "queue id". */
  owed(most?: number): string[]
  /** Resolves as soon as so many emits have resolved, in the same turn. Rejects after `patienceMs`. */
  reaches(resolved: number, patienceMs: number): Promise<void>
  /** Resolves when nothing is owed. Rejects after `patienceMs`, naming some of it. */
  settled(patienceMs: number): Promise<void>
}

export function createLedger(): Ledger {
  let emitted = 0
  let resolved = 0
  let duplicated = 0
  const done = new Map<string, number>()
  const owed = new Set<string>()
  let waiting: (() => void)[] = []
  let watching: { resolved: number; go: () => void }[] = []
  const pay = (key: string): void => {
    owed.delete(key)
    if (owed.size > 0) return
    const due = waiting
    waiting = []
    for (const resolve of due) resolve()
  }
  const ledger: Ledger = {
    emit: () => void emitted++,
    resolve(id, queues) {
      resolved++
      for (const queue of queues) if (!done.has(`${queue} ${id}`)) owed.add(`${queue} ${id}`)
      if (watching.length === 0) return
      const reached = watching.filter((one) => one.resolved <= resolved)
      watching = watching.filter((one) => one.resolved > resolved)
      for (const { go } of reached) go()
    },
    handle(queue, id) {
      const key = `${queue} ${id}`
      const times = (done.get(key) ?? 0) + 1
      done.set(key, times)
      if (times > 1) duplicated++
      pay(key)
    },
    park(queue, id) {
      const key = `${queue} ${id}`
      if (!done.has(key)) done.set(key, 0)
      pay(key)
    },
    counts: () => ({
      emitted,
      resolved,
      handled: [...done.values()].filter((times) => times > 0).length,
      lost: owed.size,
      duplicated,
    }),
    owed: (most = 5) => [...owed].slice(0, most),
    reaches(least, patienceMs) {
      if (resolved >= least) return Promise.resolve()
      const late = (): string => `${resolved} emits of ${least} have resolved after ${patienceMs} ms`
      return patiently(patienceMs, late, (go) => watching.push({ resolved: least, go }))
    },
    settled(patienceMs) {
      if (owed.size === 0) return Promise.resolve()
      const late = (): string => `${owed.size} are owed after ${patienceMs} ms: ${ledger.owed().join(', ')}`
      return patiently(patienceMs, late, (go) => waiting.push(go))
    },
  }
  return ledger
}

function patiently(ms: number, late: () => string, wait: (go: () => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(late())), ms)
    wait(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

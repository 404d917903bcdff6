/** Hands things on in their order, each no earlier than its time. Nothing waits longer for being behind another. */
export interface DelayLine<T> {
  push(thing: T, delayMs: number): void
  /** Forgets what waits, and says what that was. */
  clear(): readonly T[]
}

export function delayLine<T>(deliver: (thing: T) => void): DelayLine<T> {
  let waiting: { readonly at: number; readonly thing: T }[] = []
  let timer: NodeJS.Timeout | undefined

  const run = (): void => {
    timer = undefined
    for (let first = waiting[0]; first !== undefined && first.at <= performance.now(); first = waiting[0]) {
      waiting.shift()
      deliver(first.thing)
    }
    const first = waiting[0]
    if (first !== undefined) timer ??= setTimeout(run, Math.max(1, first.at - performance.now()))
  }

  return {
    push(thing, delayMs) {
      if (delayMs === 0 && waiting.length === 0) return deliver(thing)
      waiting.push({ at: performance.now() + delayMs, thing })
      timer ??= setTimeout(run, delayMs)
    },
    clear() {
      clearTimeout(timer)
      timer = undefined
      const forgotten = waiting.map(({ thing }) => thing)
      waiting = []
      return forgotten
    },
  }
}

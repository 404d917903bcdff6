/*
Lanes: jobs with the same key run one after the other, in the order in which they came; jobs of different keys run at the same
time, at most `concurrency` of them.

A key is in one of three states. Absent: nothing of it runs or waits. Ready: it stands once in `ready`, and the head of its lane
waits for a slot. Running: its head has a slot, the rest of the lane waits without one. When a head ends, a lane with
more in it goes to the end of `ready`, so a busy record cannot starve the others.

One job at a time may ask to run alone: then no head gets a slot, and it runs when the last that had one has ended.
*/

export interface Lanes {
  /** Resolves with what the job gave, or undefined if it was given back before its turn. Rejects as the job does. */
  run<T>(key: string, job: () => Promise<T>): Promise<T | undefined>
  /** Runs the job while nothing else does. Resolves when it has ended, or before its turn when the lanes are closed. Not twice at once. */
  alone(job: () => Promise<void>): Promise<void>
  /**
   * Gives back everything that waits, the last to come first: each goes back to the head of the queue, and so the
   * first to come ends up before it. From now on nothing is let in.
   */
  close(): void
  readonly running: number
  readonly waiting: number
}

interface Waiting {
  readonly order: number
  /** Calls `ended` before the result is told, so that the slot is free when anybody hears of it. */
  start(ended: () => void): Promise<void>
  giveBack(): void
}

export function createLanes(concurrency: number): Lanes {
  const lanes = new Map<string, Waiting[]>()
  const ready: string[] = []
  let running = 0
  let waiting = 0
  let order = 0
  let closed = false
  let whenIdle: (() => void) | undefined
  let held = false

  function fill(): void {
    if (held && running === 0) whenIdle?.()
    while (!held && running < concurrency) {
      const key = ready.shift()
      if (key === undefined) return
      const head = lanes.get(key)?.shift()
      if (head === undefined) continue
      running++
      waiting--
      void head.start(() => {
        running--
        if (lanes.get(key)?.length) ready.push(key)
        else lanes.delete(key)
        fill()
      })
    }
  }

  return {
    run<T>(key: string, job: () => Promise<T>) {
      if (closed) return Promise.resolve(undefined)
      return new Promise<T | undefined>((resolve, reject) => {
        const entry: Waiting = {
          order: order++,
          start: (ended) => job().finally(ended).then(resolve, reject),
          giveBack: () => resolve(undefined),
        }
        const lane = lanes.get(key)
        waiting++
        if (lane) lane.push(entry)
        else {
          lanes.set(key, [entry])
          ready.push(key)
        }
        fill()
      })
    },
    async alone(job) {
      held = true
      await new Promise<void>((resolve) => {
        whenIdle = resolve
        fill()
        if (closed) resolve()
      })
      whenIdle = undefined
      if (!closed) {
        running++
        await job().finally(() => running--)
      }
      held = false
      fill()
    },
    close() {
      closed = true
      whenIdle?.()
      const left = [...lanes.values()].flat().sort((a, b) => b.order - a.order)
      ready.length = 0
      waiting = 0
      for (const lane of lanes.values()) lane.length = 0
      for (const entry of left) entry.giveBack()
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting
    },
  }
}

import { InHandMap } from '@recordcast/transport/in-hand'

/*
Lanes: jobs with the same key run one after the other, in the order in which they came; jobs of different keys run at the same
time, at most `concurrency` of them.

A key is in one of three states. Absent: nothing of it runs or waits. Ready: it stands once in `ready`, and the head of its lane
waits for a slot. Running: its head has a slot, the rest of the lane waits without one. When a head ends, a lane with
more in it goes to the end of `ready`, so a busy record cannot starve the others. A key whose head is just beginning is written down only when
something else is asked of the lanes or the head gives a promise: most end as they begin.

One job at a time may ask to run alone: then no head gets a slot, and it runs when the last that had one has ended.
*/

export interface Lanes {
  /**
   * Resolves with what the job gave, or undefined if it was given back before its turn. Rejects as the job does. A job whose turn it is runs at once,
   * and what it gives or throws without a promise comes back without one.
   */
  run<T>(key: string, job: () => Promise<T>): Promise<T | undefined>
  run<T>(key: string, job: () => T | Promise<T>): T | undefined | Promise<T | undefined>
  /** Runs the job while nothing else does. Resolves when it has ended, or before its turn when the lanes are closed. Not twice at once. */
  alone(job: () => Promise<void>): Promise<void>
  /**
   * Gives back everything that waits, the last to come first: each goes back to the head of the queue, and so the
   * first to come ends up before it. From now on nothing is let in, until they are opened again; what runs keeps its slot and its lane.
   */
  close(): void
  open(): void
  readonly running: number
  readonly waiting: number
}

interface Waiting {
  readonly order: number
  start(): void
  giveBack(): void
}

/** The lane of a key whose head runs and behind whom nobody waits. */
const nobody: Waiting[] = []

export function createLanes(concurrency: number): Lanes {
  const lanes = new InHandMap<string, Waiting[]>()
  const ready: string[] = []
  let beginning: string | undefined
  let running = 0
  let waiting = 0
  let order = 0
  let closed = false
  let whenIdle: (() => void) | undefined
  let held = false
  let filling = false

  function fill(): void {
    if (held && running === 0) whenIdle?.()
    // A job that ends as it begins comes back here: the loop below goes on with the next, not a deeper one.
    if (filling) return
    filling = true
    while (!held && running < concurrency) {
      const key = ready.shift()
      if (key === undefined) break
      const head = lanes.get(key)?.shift()
      if (head === undefined) continue
      waiting--
      head.start()
    }
    filling = false
  }

  function writeDown(): void {
    if (beginning !== undefined) lanes.set(beginning, nobody)
    beginning = undefined
  }

  /** Gives the head of a lane its slot, and frees it before the result is told. */
  function begin<T>(key: string, job: () => T | Promise<T>): T | Promise<T> {
    running++
    let given: T | Promise<T>
    try {
      given = job()
    } catch (error) {
      end(key)
      throw error
    }
    if (!(given instanceof Promise)) {
      end(key)
      return given
    }
    writeDown()
    return given.finally(() => end(key))
  }

  function end(key: string): void {
    running--
    if (beginning === key) beginning = undefined
    else if (lanes.get(key)?.length) ready.push(key)
    else lanes.delete(key)
    fill()
  }

  function wait<T>(key: string, job: () => T | Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        order: order++,
        start() {
          try {
            resolve(begin(key, job))
          } catch (error) {
            reject(error)
          }
        },
        giveBack: () => resolve(undefined),
      }
      waiting++
      const lane = lanes.get(key)
      if (lane === undefined) {
        lanes.set(key, [entry])
        ready.push(key)
        fill()
      } else if (lane === nobody) lanes.set(key, [entry])
      else lane.push(entry)
    })
  }

  function run<T>(key: string, job: () => Promise<T>): Promise<T | undefined>
  function run<T>(key: string, job: () => T | Promise<T>): T | undefined | Promise<T | undefined>
  function run<T>(key: string, job: () => T | Promise<T>): T | undefined | Promise<T | undefined> {
    if (closed) return Promise.resolve(undefined)
    writeDown()
    if (held || running >= concurrency || (lanes.size > 0 && lanes.has(key))) return wait(key, job)
    beginning = key
    return begin(key, job)
  }

  return {
    run,
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
      const left = lanes
        .values()
        .flat()
        .sort((a, b) => b.order - a.order)
      for (const key of ready) lanes.delete(key)
      ready.length = 0
      waiting = 0
      for (const lane of lanes.values()) if (lane !== nobody) lane.length = 0
      for (const entry of left) entry.giveBack()
    },
    open() {
      closed = false
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting
    },
  }
}

/** The part of an event that the demo shows. */
export interface Seen<Data = unknown> {
  readonly id: string
  readonly type: string
  readonly record: string
  readonly data: Data
}

/** What one listener's handlers have seen. */
export interface Page {
  readonly calls: number
  /** Bytes of the webhooks behind the events: what each listener would have received whole. */
  readonly fullBytes: number
  /** The first few, of as many types as there were. */
  readonly samples: readonly Seen[]
}

/** Every handler of the demo signs here, so that what was delivered can be counted where it arrived. */
export interface Ledger {
  /** An event will be emitted that came out of a webhook of so many bytes. */
  expect(id: string, bytes: number): void
  see(service: string, event: Seen): void
  page(service: string): Page
  /** Resolves when there were so many calls in all, or with false when that took too long or was called off. */
  reached(calls: number, withinMs: number, calledOff?: AbortSignal): Promise<boolean>
}

const sampleCount = 2
/** Webhooks whose size is remembered: many more than can be on their way. */
const sizeCount = 10_000

/** `onSeen` is told of each call at once. */
export function createLedger(onSeen: (service: string, event: Seen) => void = () => undefined): Ledger {
  const sizes = new Map<string, number>()
  const pages = new Map<string, { calls: number; fullBytes: number; samples: Seen[] }>()
  let calls = 0
  let waiting: (() => void)[] = []

  const pageOf = (service: string) => {
    const page = pages.get(service) ?? { calls: 0, fullBytes: 0, samples: [] }
    pages.set(service, page)
    return page
  }
  return {
    expect(id, bytes) {
      sizes.set(id, bytes)
      for (const oldest of sizes.keys()) {
        if (sizes.size <= sizeCount) break
        sizes.delete(oldest)
      }
    },
    see(service, event) {
      const page = pageOf(service)
      page.calls++
      page.fullBytes += sizes.get(event.id) ?? 0
      const isNew = page.samples.every(({ type }) => type !== event.type)
      if (isNew && page.samples.length < sampleCount) page.samples.push(event)
      calls++
      onSeen(service, event)
      for (const look of waiting) look()
    },
    page: pageOf,
    reached: (wanted, withinMs, calledOff) =>
      new Promise((resolve) => {
        const giveUp = (): void => settle(false)
        const settle = (reached: boolean): void => {
          clearTimeout(timer)
          calledOff?.removeEventListener('abort', giveUp)
          waiting = waiting.filter((each) => each !== look)
          resolve(reached)
        }
        const look = (): void => {
          if (calls >= wanted) settle(true)
        }
        const timer = setTimeout(giveUp, withinMs)
        calledOff?.addEventListener('abort', giveUp)
        waiting.push(look)
        if (calledOff?.aborted) giveUp()
        else look()
      }),
  }
}

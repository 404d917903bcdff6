import type { Emitted } from './emitted.js'

/** Published events, remembered for a while so that what a listener lacks of one can be told from its own facts. */
export interface Recent {
  add(emitted: Emitted): void
  /** The latest event of that id. */
  get(id: string): Emitted | undefined
}

/*
A ring: once it is full, an event is written over the oldest. It is searched, latest first, when a listener lacks something; that is seldom, and mostly soon
after the event, while an index by id would be a tenth of what an event costs.
*/
export function createRecent(max: number): Recent {
  const events: Emitted[] = []
  let next = 0
  return {
    add(emitted) {
      if (max === 0) return
      events[next] = emitted
      next = next + 1 === max ? 0 : next + 1
    },
    get(id) {
      const { length } = events
      for (let back = 1; back <= length; back++) {
        const event = events[(next - back + length) % length]!
        if (event.id === id) return event
      }
      return undefined
    },
  }
}

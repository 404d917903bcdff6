import type { Emitted } from './emitted.js'

/** Published events, the last so many, remembered so that what a listener lacks of one can be told from its own facts. */
export interface Recent {
  add(emitted: Emitted): void
  get(id: string): Emitted | undefined
}

export function createRecent(max: number): Recent {
  if (max === 0) return { add: () => undefined, get: () => undefined }
  const events = new Map<string, Emitted>()
  // One iterator for good: a new one would step over all that was deleted before it. It gives each id just before that is deleted.
  const oldest = events.keys()
  return {
    add(emitted) {
      events.delete(emitted.id)
      events.set(emitted.id, emitted)
      if (events.size > max) events.delete(oldest.next().value!)
    },
    get: (id) => events.get(id),
  }
}

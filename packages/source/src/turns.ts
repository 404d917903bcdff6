/**
 * Keeps the emits of one record in the order of their calls: what they need is loaded side by side, but each is published only after
 * the one before it has come to its end, confirmed or not.
 */
export interface Turns {
  /** Takes the next turn of a record. `before` is undefined when nobody is before; `done` lets the next one go. */
  take(record: string): { readonly before: Promise<void> | undefined; done(): void }
  /** Records that have a turn now. */
  readonly size: number
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>()
  return {
    take(record) {
      const before = last.get(record)
      let end = (): void => undefined
      const own = new Promise<void>((resolve) => {
        end = resolve
      })
      last.set(record, own)
      return {
        before,
        done() {
          if (last.get(record) === own) last.delete(record)
          end()
        },
      }
    },
    get size() {
      return last.size
    },
  }
}

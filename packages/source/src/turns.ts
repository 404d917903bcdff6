/*
Keeps the emits of one record in the order of their calls, in each queue. What they need is loaded side by side; then each is published after
the one before it has been tried on all its queues. A queue that did not take an event is tried on while the record's next ones go on to the
other queues: only on that queue do they wait behind it.
*/
export interface Turns {
  /** Takes the next turn of a record. */
  take(record: string): Turn
  /** Records that have a turn now, or a queue on which one is still tried. */
  readonly size: number
}

export interface Turn {
  /** Resolves when the one before has been tried; undefined when nobody is before. */
  readonly before: Promise<void> | undefined
  /** Resolves when the earlier events of the record that are still tried on a queue are through or given up there. */
  behind(queue: string): Promise<unknown> | undefined
  /** This event is tried on a queue until then; `until` does not reject. */
  hold(queue: string, until: Promise<unknown>): void
  /** Lets the next one go. Called again it does nothing. */
  done(): void
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>()
  const held = new Map<string, Map<string, Promise<unknown>>>()
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
        behind: (queue) => held.get(record)?.get(queue),
        hold(queue, until) {
          const queues = held.get(record) ?? new Map<string, Promise<unknown>>()
          held.set(record, queues.set(queue, until))
          void until.then(() => {
            if (queues.get(queue) === until) queues.delete(queue)
            if (queues.size === 0 && held.get(record) === queues) held.delete(record)
          })
        },
        done() {
          if (last.get(record) === own) last.delete(record)
          end()
        },
      }
    },
    get size() {
      return new Set([...last.keys(), ...held.keys()]).size
    },
  }
}

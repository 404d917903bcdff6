import { setTimeout as delay } from 'node:timers/promises'
import type { Operator, ReplayInput } from '@recordcast/operator'
import type { Shape } from '@recordcast/operator/shapes'

type Report = Shape<'replay'>

/** Replays that go on beyond the request that began them. */
export interface Replays {
  /** What came of it, or how far it is after `waitMs` or as soon as that can be told; rejects with what it rejected with before that. */
  begin(action: Report['action'], queue: string, input: ReplayInput & { readonly confirm?: string }): Promise<Report>
  /** How far the latest of a queue is, or how it ended. */
  latest(queue: string): Report | undefined
  /** Ends the one that goes on after the message at hand. */
  end(queue: string): void
  /** Ends all, and resolves when they have ended. */
  close(): Promise<void>
}

const mostKept = 1000

export function createReplays(operator: Operator, waitMs = 5000): Replays {
  const reports = new Map<string, Report>()
  const running = new Map<string, { readonly ending: AbortController; readonly done: Promise<unknown> }>()

  const keep = (report: Report): void => {
    reports.delete(report.queue)
    reports.set(report.queue, report)
    const [oldest] = reports.keys()
    if (reports.size > mostKept && oldest !== undefined) reports.delete(oldest)
  }

  return {
    async begin(action, queue, input) {
      const verb = action === 'replay' ? operator.replay : operator.dropParked
      if (input.dryRun) return verb(queue, input)
      const ending = new AbortController()
      let last: Report | undefined
      let tellBegun = (): void => undefined
      const begun = new Promise<void>((resolve) => {
        tellBegun = resolve
      })
      const onProgress = (report: Report): void => {
        last = report
        keep(report)
        tellBegun()
      }
      const work = verb(queue, { ...input, signal: ending.signal, onProgress })
      const mine = { ending, done: work.catch(() => undefined) }
      // Another one that goes on stays the one that can be ended: this one is about to be refused.
      if (!running.has(queue)) {
        running.set(queue, mine)
        reports.delete(queue)
      }
      const settled = work.then(
        (report) => {
          keep(report)
          return report
        },
        (error: unknown) => {
          if (last !== undefined)
            keep({ ...last, finished: true, problem: { code: codeOf(error), message: sentenceOf(error) } })
          throw error
        },
      )
      settled
        .catch(() => undefined)
        .finally(() => {
          if (running.get(queue) === mine) running.delete(queue)
        })
      const waited = new AbortController()
      const progress = delay(waitMs, undefined, { signal: waited.signal }).then(async () => {
        await begun
        return last ?? settled
      })
      progress.catch(() => undefined)
      return Promise.race([settled, progress]).finally(() => waited.abort())
    },
    latest: (queue) => reports.get(queue),
    end: (queue) => running.get(queue)?.ending.abort(),
    async close() {
      for (const { ending } of running.values()) ending.abort()
      await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : 'internal-error'
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

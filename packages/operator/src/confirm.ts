import { RecordcastError } from '@recordcast/protocol/errors'
import type { Confirmed } from './operator.js'

/** @throws RecordcastError confirmation-required, unless it is a dry run or the queue's name was given once more */
export function demandConfirmation(queue: string, { dryRun, confirm }: Omit<Confirmed, 'by'>, what: string): void {
  if (dryRun || confirm === queue) return
  throw new RecordcastError(
    'confirmation-required',
    `${what} cannot be taken back: give the queue's name as "confirm"`,
    {
      ...{ path: '/confirm', found: confirm, expected: queue },
    },
  )
}

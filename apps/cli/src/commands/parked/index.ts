import type { Command } from 'commander'
import type { Runner } from '../define.js'
import { defineParkedActions } from './act.js'
import { defineParkedLs } from './list.js'
import { defineParkedShow } from './show.js'

export function defineParked(program: Command, run: Runner): void {
  const parked = program
    .command('parked')
    .summary('messages that could not be handled: look at them, replay or drop them')
    .description(
      'Messages that a listener could not handle are parked beside its queue, until they are replayed or dropped.',
    )
  defineParkedLs(parked, run)
  defineParkedShow(parked, run)
  defineParkedActions(parked, run)
}

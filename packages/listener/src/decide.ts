import { isJsonObject } from '@recordcast/protocol/names'
import type { WireEvent } from '@recordcast/protocol/wire'
import { ask } from './ask.js'
import type { Around, AttemptInput, Seen } from './attempt.js'
import { attributeMissing } from './attributes.js'
import { belongs } from './belongs.js'
import type { Neighbours } from './neighbours.js'
import type { Subscribed } from './subscribe.js'
import { wantedElsewhere } from './wanted-elsewhere.js'

/** Whether the filter wants the event, where that was left to this side. */
export function passes(input: AttemptInput): boolean | Promise<boolean> {
  const { belonging, event } = input
  const { filter } = input.subscribed
  if (filter === undefined || belonging === 'mine') return true
  if (belonging === 'check') return filter.matches(objectOr(event.data.$filter))
  return passesAsked(input, filter)
}

async function passesAsked(input: AttemptInput, filter: NonNullable<Subscribed['filter']>): Promise<boolean> {
  const { filter: view, failed } = await ask(input, [], filter.paths)
  if (view === undefined || failed.length > 0) {
    const reason = { path: '$filter', code: 'attribute-missing', message: 'what the filter reads could not be loaded' }
    throw attributeMissing(failed.length > 0 ? failed : [reason])
  }
  return filter.matches(objectOr(view))
}

/** Whether it is for another set after all, or might be. */
export async function isTheirs(input: AttemptInput): Promise<boolean> {
  const seen = await lookFor(input)
  return seen === undefined || seen.belonging === 'theirs'
}

/** Whether a set that stands beside this one should have what this one's filter has just declined. */
export async function isWantedElsewhere(input: AttemptInput): Promise<boolean> {
  const wants = (neighbours: Neighbours): Promise<boolean> =>
    wantedElsewhere(input.event, neighbours, async (paths) => {
      const { filter: view, failed } = await ask(input, [], paths)
      return failed.length > 0 ? undefined : objectOr(view)
    })
  const heard = input.around.neighbours()
  if (await wants(heard)) return true
  const seen = await lookFor(input)
  if (seen === undefined || seen.belonging === 'theirs') return true
  const isNews = [...seen.neighbours.sets].some((set) => !heard.sets.has(set))
  return isNews && wants(seen.neighbours)
}

/** Whose it is by the board as it is now; undefined if that cannot be told. */
export async function lookAgain(
  { look, set, since }: Around,
  event: WireEvent,
  wanted: string | undefined,
  mine: Subscribed | undefined,
): Promise<Seen | undefined> {
  const view = await look()
  if (view === undefined) return undefined
  const belonging = belongs({ event, wanted, set, since, subscription: mine?.subscription, neighbours: view })
  return { belonging, neighbours: view }
}

const lookFor = ({ around, event, wanted, subscribed }: AttemptInput): Promise<Seen | undefined> =>
  lookAgain(around, event, wanted, subscribed)

function objectOr(view: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(view) ? view : {}
}

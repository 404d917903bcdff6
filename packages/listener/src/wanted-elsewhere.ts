import { compilePattern } from '@recordcast/matcher'
import type { WireEvent } from '@recordcast/protocol/wire'
import { admits } from './belongs.js'
import { type Neighbours, subscriptionTo } from './neighbours.js'

type View = Readonly<Record<string, unknown>>

/**
 * Whether another set that stands on this queue wants an event that this one's filter has declined. Each side judges for the other too, else an event that
 * neither wants would go to and fro between them for ever.
 *
 * @param viewOf tells what field paths read in the event; undefined where that cannot be told now, and then the other is left to decide
 */
export async function wantedElsewhere(
  event: WireEvent,
  { standing, unread }: Neighbours,
  viewOf: (paths: readonly (readonly string[])[]) => Promise<View | undefined>,
): Promise<boolean> {
  if (unread) return true
  const filters = standing.flatMap((fact) => {
    const subscription = subscriptionTo(fact, event.type)
    return subscription !== undefined && admits(subscription, event) ? [subscription.filter] : []
  })
  const patterns = filters.flatMap((filter) => compiled(filter) ?? [])
  if (patterns.length < filters.length) return true
  if (patterns.length === 0) return false
  const view = await viewOf(patterns.flatMap(({ paths }) => paths)).catch(() => undefined)
  return view === undefined || patterns.some((pattern) => pattern.matches(view))
}

/** undefined: no filter, or one that only a newer release can read. */
function compiled(filter: View | undefined): ReturnType<typeof compilePattern> | undefined {
  if (filter === undefined) return undefined
  try {
    return compilePattern(filter)
  } catch {
    return undefined
  }
}

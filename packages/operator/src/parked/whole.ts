import { maskEvent } from '../mask.js'
import type { Context } from '../parts/context.js'
import type { Shape } from '../shapes/index.js'
import { findParked } from './browse.js'
import { own, readParked, rowOf } from './read-parked.js'

/** One parked message whole, as operators may see it. @throws RecordcastError unknown-listener, unknown-message */
export async function tellParked(context: Context, queue: string, id: string): Promise<Shape<'parkedMessage'>> {
  const read = await readParked(await findParked(context, queue, id))
  const { headers } = read.parked.message
  const { value, problem } = read.event
  const stack = own(headers, 'error-stack')
  const firstError = own(headers, 'first-error')
  return {
    ...rowOf(read),
    queue,
    ...(stack !== undefined && { stack }),
    ...(firstError !== undefined && { firstError }),
    headers: { ...headers },
    ...(value?.missing && { missing: value.missing.map((each) => ({ ...each })) }),
    ...(value ? maskEvent(context, value) : { masked: 'all' as const }),
    ...(problem && { undecodable: problem }),
  }
}

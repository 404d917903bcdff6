import { z } from 'zod'

/** A text of 1 to `longest` UTF-16 units. */
export const text = (longest: number) => z.string().min(1).max(longest)

/** An object that passes through as it is: a schema of its own would drop an own `__proto__`. */
export const plainObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected an object',
)

const encoded = '[A-Za-z0-9._%-]'

/** A queue as `queueOf` makes them. Nothing else is taken from the network: a shelf, say, is no listener's queue. */
const queuePattern = new RegExp(`^${encoded}+(?:@${encoded}+)?$`)
export const isQueueName = (name: string): boolean => queuePattern.test(name)
export const queueName = text(512).regex(queuePattern, 'expected the name of a queue')

/** The digest of a subscription set. */
const setPattern = new RegExp(`^${encoded}+$`)
export const isSetName = (name: string): boolean => setPattern.test(name)
export const setName = text(64).regex(setPattern, 'expected a digest')

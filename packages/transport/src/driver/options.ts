import type { ConsumeOptions, DeclareOptions } from '../transport.js'
import { invalid } from './names.js'

/** The lifetime that the options ask for. Throws invalid-argument for one that does not exist. */
export function checkLifetime(options: DeclareOptions | undefined): 'durable' | 'instance' {
  const lifetime = options?.lifetime ?? 'durable'
  if (lifetime !== 'durable' && lifetime !== 'instance')
    throw invalid(`A queue's lifetime is 'durable' or 'instance', not ${String(lifetime)}.`)
  return lifetime
}

/** Throws invalid-argument unless the options and the handler of a consumer can be worked with. */
export function checkConsume(options: ConsumeOptions, handle: unknown): void {
  if (typeof handle !== 'function') throw invalid('A consumer needs a function that handles deliveries.')
  if (!Number.isSafeInteger(options?.concurrency) || options.concurrency < 1)
    throw invalid(`concurrency is a whole number of at least 1, not ${String(options?.concurrency)}.`)
  checkLifetime(options)
}

/** Whether a handler gave something to wait for. */
export function isPromise(given: unknown): given is PromiseLike<unknown> {
  return typeof (given as { then?: unknown } | null | undefined)?.then === 'function'
}

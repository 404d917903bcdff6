/** Whether somebody else's code, as a handler is, gave something to wait for. */
export function isPromise(given: unknown): given is PromiseLike<unknown> {
  return (
    (typeof given === 'object' || typeof given === 'function') &&
    given !== null &&
    typeof (given as { then?: unknown }).then === 'function'
  )
}

/** Whether somebody else's code gave something to wait for. */
export function isThenable(given: unknown): given is PromiseLike<unknown> {
  return (
    (typeof given === 'object' || typeof given === 'function') &&
    given !== null &&
    typeof (given as { then?: unknown }).then === 'function'
  )
}

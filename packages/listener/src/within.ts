import { RecordcastError } from '@recordcast/protocol/errors'
import type { Clock } from '@recordcast/transport'

/** Waits for a promise of somebody else's code, but not for ever. @throws RecordcastError handler-timeout */
export function within<T>(clock: Clock, ms: number, what: string, promise: T | PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = clock.after(ms, () =>
      reject(new RecordcastError('handler-timeout', `${what} took longer than ${ms} ms`)),
    )
    Promise.resolve(promise).then(resolve, reject).finally(callOff)
  })
}

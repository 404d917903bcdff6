import { protocolVersion } from '@recordcast/protocol/control'
import { ask, type Broker } from '@recordcast/registry'

/** Asks at an address where nobody stands: a broker that is there says so. Never rejects. */
export async function reaches({ transport, clock }: Broker, timeoutMs: number): Promise<boolean> {
  const answered = ask(transport, 'operator/nobody', { v: protocolVersion, kind: 'alive' }, timeoutMs).then(
    () => true,
    (error: { code?: unknown }) => error.code === 'nobody-there',
  )
  // A driver whose link is down may wait for it longer than an answer.
  let callOff = (): void => undefined
  const late = new Promise<false>((resolve) => {
    callOff = clock.after(timeoutMs, () => resolve(false))
  })
  return Promise.race([answered, late]).finally(callOff)
}

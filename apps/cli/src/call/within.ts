import { CliError } from './exits.js'

/** Runs something that has no time limit of its own. @throws CliError broker-away after the time, interrupted once the signal is aborted */
export async function within<T>(
  what: string,
  seconds: number,
  interrupted: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let hear: (() => void) | undefined
  const late = new Promise<never>((_, reject) => {
    hear = () => reject(new CliError('interrupted', `${what} was interrupted`))
    if (interrupted.aborted) hear()
    interrupted.addEventListener('abort', hear)
    const expected = 'a broker that answers in time, or a longer --timeout'
    timer = setTimeout(
      () => reject(new CliError('broker-away', `${what} took longer than ${seconds} s`, { expected })),
      seconds * 1000,
    )
  })
  try {
    return await Promise.race([run(giveUp.signal), late])
  } finally {
    clearTimeout(timer)
    if (hear !== undefined) interrupted.removeEventListener('abort', hear)
    giveUp.abort()
  }
}

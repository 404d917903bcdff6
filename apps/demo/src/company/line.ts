import { PlainError } from '../plain-error.js'

/** One end of the channel between a process and the one that forked it. */
export interface Port {
  readonly connected: boolean
  send?(message: object, handle: undefined, options: undefined, callback: (error: Error | null) => void): unknown
  on(event: 'message', listener: (message: unknown) => void): unknown
}

/** What may be asked of this end, by name. */
export type Verbs = ReadonlyMap<string, (input: never) => unknown>

export interface Line {
  /** Asks the other end. Both ends are of the same build: that the answer is a T is taken on trust. */
  ask<T>(verb: string, input?: unknown): Promise<T>
  /** Rejects what is unanswered, and whatever is asked from now on. */
  cut(reason: Error): void
}

type Message =
  | { readonly ask: number; readonly verb: string; readonly input?: unknown }
  | { readonly answer: number; readonly value?: unknown }
  | { readonly answer: number; readonly error: string }

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Questions and answers as JSON, either way, each answered when it is. */
export function openLine(port: Port, verbs: Verbs): Line {
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let broken: Error | undefined

  // The other end may have gone; whoever waits is told by cut, and an answer that nobody waits for is lost.
  const send = (message: Message): void => {
    if (port.connected) port.send?.(message, undefined, undefined, () => undefined)
  }
  const answer = async (ask: number, verb: string, input: unknown): Promise<void> => {
    try {
      const run = verbs.get(verb)
      if (run === undefined) throw new TypeError(`nobody here can ${verb}`)
      send({ answer: ask, value: await run(input as never) })
    } catch (error) {
      send({ answer: ask, error: error instanceof Error ? error.message : String(error) })
    }
  }
  port.on('message', (given) => {
    const message = given as Message
    if ('ask' in message) {
      void answer(message.ask, message.verb, message.input)
      return
    }
    const one = waiting.get(message.answer)
    waiting.delete(message.answer)
    if ('error' in message) one?.reject(new PlainError(message.error))
    else one?.resolve(message.value)
  })
  return {
    ask: <T>(verb: string, input?: unknown) =>
      new Promise<T>((resolve, reject) => {
        if (broken !== undefined) return reject(broken)
        waiting.set(++asked, { resolve: (value) => resolve(value as T), reject })
        send({ ask: asked, verb, input })
      }),
    cut(reason) {
      broken ??= reason
      for (const { reject } of waiting.values()) reject(broken)
      waiting.clear()
    },
  }
}

import { describe, RecordcastError } from '@recordcast/protocol/errors'

/** Why an attempt failed, as texts that may go into headers. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly stack: string
  /** Another attempt cannot succeed. */
  readonly hopeless: boolean
}

const hopeless: ReadonlySet<string> = new Set(['undecodable', 'unsupported-version', 'handler-silent'])

/** Whatever was thrown, even undefined, as a failure. Never throws, whatever getters the thrown thing has. */
export function toFailure(thrown: unknown): Failure {
  try {
    if (thrown instanceof RecordcastError) {
      const { code, message, stack = '' } = thrown
      return { code, message, stack, hopeless: hopeless.has(code) }
    }
    if (thrown instanceof Error) {
      const { name, message, stack = '' } = thrown
      return { code: 'handler-failed', message: `${name}: ${message}`, stack: `${stack}`, hopeless: false }
    }
    return { ...unreadable, message: `The handler threw ${describe(thrown)}, which is no error` }
  } catch {
    return unreadable
  }
}

const unreadable: Failure = {
  code: 'handler-failed',
  message: 'The handler threw something that cannot be read',
  stack: '',
  hopeless: false,
}

/** Text of at most `bytes` bytes of UTF-8 without control characters; line breaks and tabs stay. */
export function headerText(text: string, bytes: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const plain = text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ')
  const { read } = new TextEncoder().encodeInto(plain, new Uint8Array(bytes))
  return plain.slice(0, read)
}

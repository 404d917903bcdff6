/**
 * A value that names another record: its key stands in the facts, the record itself is loaded. A read that steps on
 * it goes on in `record`; `?id` answers with `key` and never touches `record`.
 */
export class Linked {
  readonly key: string
  /** The record as a plain object; null: there is none; Unavailable: it could not be had. */
  readonly record: object | null | Unavailable

  constructor(key: string, record: object | null | Unavailable) {
    this.key = key
    this.record = record
  }
}

/** What stands where a value could not be had. A read that meets one gives it back, never a part of a value. */
export class Unavailable {
  /** A stable code, such as 'loader-timeout'. */
  readonly code: string
  readonly message: string

  constructor(code: string, message: string) {
    this.code = code
    this.message = message
  }
}

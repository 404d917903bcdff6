import { describe, RecordcastError } from '../errors/index.js'

const space = /\s/
// A name may hold any other character; a double quote only where it does not stand first.
const reserved = /[\s.[\]{},:?!$']/
const loneSurrogate = /\p{Surrogate}/u
const literalStart = /^-?\d/
const keywords = new Set(['true', 'false', 'null'])

/** Whether a name, unquoted, would be read as a literal where an or-else stands. */
export function looksLikeLiteral(name: string): boolean {
  return keywords.has(name) || literalStart.test(name)
}

/** Whether a name may stand without quotes. Lone surrogates do not survive UTF-8, so they are quoted and escaped. */
export function isBareName(name: string): boolean {
  return name !== '' && !reserved.test(name) && name[0] !== '"' && !loneSurrogate.test(name)
}

/** Walks a text once, part by part; white space before a part is skipped. */
export class Scanner {
  readonly text: string
  /** Zero-based offset of the next character to look at. */
  position = 0

  constructor(text: string) {
    this.text = text
  }

  /** The first character of the next part, or '' at the end. */
  peek(): string {
    while (this.position < this.text.length && space.test(this.text[this.position]!)) this.position++
    return this.text[this.position] ?? ''
  }

  take(character: string): boolean {
    if (this.peek() !== character) return false
    this.position++
    return true
  }

  demand(character: string, expected: string): void {
    if (!this.take(character)) this.fail(expected)
  }

  /** The run of characters that an unquoted name may hold; may be empty. */
  word(): string {
    this.peek()
    const start = this.position
    while (this.position < this.text.length && !reserved.test(this.text[this.position]!)) this.position++
    return this.text.slice(start, this.position)
  }

  name(expected: string): string {
    if (this.peek() === '"') return this.quotedName()
    return this.word() || this.fail(expected)
  }

  /** A text in single quotes. Two of them inside stand for one; no other character is special. */
  quotedText(): string {
    const start = this.position
    let text = ''
    let from = start + 1
    for (;;) {
      const end = this.text.indexOf("'", from)
      if (end === -1) this.fail("a ' that ends the text begun here", start)
      text += this.text.slice(from, end)
      this.position = end + 1
      if (this.text[end + 1] !== "'") return text
      text += "'"
      from = end + 2
    }
  }

  /** A number as JSON writes it; the caller has seen that a digit or a '-' with a digit stands next. */
  number(): number {
    const start = this.position
    let end = start
    while (end < this.text.length && (this.text[end] === '.' || !reserved.test(this.text[end]!))) end++
    const word = this.text.slice(start, end)
    const value = parseJson(word)
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      this.fail('a finite number as JSON writes it; here a name that begins with a digit goes in double quotes', start)
    }
    this.position = end
    // JSON knows no negative zero on the way out, so there is none on the way in.
    return value === 0 ? 0 : value
  }

  fail(expected: string, position: number = this.position): never {
    const found = this.text.codePointAt(position)
    const shown = found === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(found))
    const place = `position ${position} of ${describe(this.text)}`
    throw new RecordcastError('expression-syntax', `Found ${shown} at ${place}, expected ${expected}.`, {
      position,
      found: found === undefined ? 'the end' : String.fromCodePoint(found),
      expected,
    })
  }

  private quotedName(): string {
    const start = this.position
    let end = start + 1
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1
    const name = end < this.text.length ? parseJson(this.text.slice(start, end + 1)) : undefined
    if (typeof name !== 'string') return this.fail('a name as a JSON string, ended by a double quote', start)
    this.position = end + 1
    return name
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

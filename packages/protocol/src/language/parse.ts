import { RecordcastError } from '../errors/index.js'
import { type Access, type Expression, type Field, limits, type Root, type Scalar, type Step, scalars } from './ast.js'
import { print } from './print.js'
import { looksLikeLiteral, Scanner } from './scan.js'

export interface ParseOptions {
  /** Whether `owner{}` is allowed, as it is in atoms, where it asks only whether something stands there. Default no. */
  readonly emptyTails?: boolean
}

/**
 * Parses an expression in one walk over its text. Recursion goes only into tails, no deeper than the step limit.
 *
 * @throws RecordcastError expression-empty, expression-syntax, expression-unknown-scalar, expression-too-deep,
 * expression-too-long; with `position`, `found` and `expected` where there is an offending place.
 */
export function parse(text: unknown, options: ParseOptions = {}): Expression {
  if (typeof text !== 'string') {
    const expected = 'an expression as text'
    throw new RecordcastError('expression-syntax', 'An expression is a text.', { found: text, expected, position: 0 })
  }
  checkLength(text)
  const scanner = new Scanner(text)
  if (scanner.peek() === '') {
    throw new RecordcastError('expression-empty', 'The expression is empty.', {
      position: 0,
      found: text,
      expected: 'a path such as owner.name',
    })
  }
  const expression = parseExpression(scanner, 0, options)
  if (scanner.peek() !== '') scanner.fail('the end')
  return expression
}

/** @throws RecordcastError expression-too-long */
export function checkLength(text: string): void {
  // A character is at least one byte, so a huge text is not measured further.
  const bytes = text.length > limits.bytes ? text.length : Buffer.byteLength(text)
  if (bytes <= limits.bytes) return
  throw new RecordcastError('expression-too-long', `The expression is longer than ${limits.bytes} bytes.`, {
    found: `${bytes} bytes: ${text.slice(0, 32)}…`,
    expected: `at most ${limits.bytes} bytes`,
  })
}

function parseExpression(scanner: Scanner, depth: number, options: ParseOptions): Expression {
  const alternatives = [parseAccess(scanner, depth, options)]
  while (scanner.take('!')) {
    const literal = parseLiteral(scanner)
    if (literal !== undefined) return { alternatives, literal }
    if (alternatives.length === limits.alternatives) {
      tooDeep(scanner, `more than ${limits.alternatives} alternatives`, `at most ${limits.alternatives}, parted by "!"`)
    }
    alternatives.push(parseAccess(scanner, depth, options))
  }
  return { alternatives }
}

function parseLiteral(scanner: Scanner): Expression['literal'] {
  const first = scanner.peek()
  if (first === "'") return { value: scanner.quotedText() }
  if (first === '"') return undefined
  const start = scanner.position
  const word = scanner.word()
  if (!looksLikeLiteral(word)) {
    scanner.position = start
    return undefined
  }
  if (word === 'null') return { value: null }
  if (word === 'true' || word === 'false') return { value: word === 'true' }
  scanner.position = start
  return { value: scanner.number() }
}

function parseAccess(scanner: Scanner, depth: number, options: ParseOptions): Access {
  const root = parseRoot(scanner)
  if (root === '$changed') return withScalar(scanner, { root, steps: [], list: takeBrackets(scanner) })
  if (root !== '') scanner.demand('.', `"." and a name behind ${root}`)
  const steps: Step[] = []
  do {
    scanner.peek()
    const start = scanner.position
    const name = scanner.name('a name')
    if (depth + steps.length === limits.steps) {
      tooDeep(
        scanner,
        `more than ${limits.steps} steps`,
        `at most ${limits.steps} steps, those in braces included`,
        start,
      )
    }
    steps.push({ name, list: takeBrackets(scanner) })
  } while (scanner.take('.'))
  const list = steps.some((step) => step.list)
  if (!scanner.take('{')) return withScalar(scanner, { root, steps, list })
  return withScalar(scanner, { root, steps, list, tail: parseTail(scanner, depth + steps.length, options) })
}

function parseRoot(scanner: Scanner): Root {
  if (scanner.peek() !== '$') return ''
  const start = scanner.position++
  // No white space inside the root: `$ before` is no root.
  const word = scanner.text[scanner.position] === scanner.peek() ? scanner.word() : ''
  if (word === 'before' || word === 'event' || word === 'changed') return `$${word}`
  return scanner.fail('$before, $event or $changed; a name that begins with "$" goes in double quotes', start)
}

function takeBrackets(scanner: Scanner): boolean {
  if (!scanner.take('[')) return false
  scanner.demand(']', '"]"')
  return true
}

function parseTail(scanner: Scanner, depth: number, options: ParseOptions): Field[] {
  const fields = new Map<string, { field: Field; text: string }>()
  if (options.emptyTails && scanner.take('}')) return []
  do {
    if (fields.size > 0 && scanner.peek() === '}') break
    const start = scanner.position
    const alias = parseAlias(scanner)
    const expression = parseExpression(scanner, depth, options)
    const text = print(expression)
    const key = alias ?? text
    const twin = fields.get(key)
    if (twin !== undefined && twin.text !== text) {
      scanner.fail(`another name for this field: ${JSON.stringify(key)} already stands for ${twin.text}`, start)
    }
    fields.set(key, { field: { key, expression }, text })
  } while (scanner.take(','))
  scanner.demand('}', '"," or "}"')
  return [...fields.values()].map(({ field }) => field).sort((a, b) => (a.key < b.key ? -1 : 1))
}

function parseAlias(scanner: Scanner): string | undefined {
  if (scanner.peek() === '$') return undefined
  const start = scanner.position
  const name = scanner.name('a name')
  if (scanner.take(':')) return name
  scanner.position = start
  return undefined
}

function withScalar(scanner: Scanner, access: Omit<Access, 'scalar'>): Access {
  if (!scanner.take('?')) return access
  scanner.peek()
  const position = scanner.position
  const word = scanner.word()
  const scalar = scalars.find((known) => known === word)
  if (scalar !== undefined) return { ...access, scalar: scalar satisfies Scalar }
  const expected = 'one of ?str, ?num, ?bool, ?json, ?id'
  if (word === '') return scanner.fail(expected, position)
  throw new RecordcastError('expression-unknown-scalar', `There is no scalar "?${word}" (position ${position}).`, {
    position,
    found: word,
    expected,
  })
}

function tooDeep(scanner: Scanner, what: string, expected: string, position = scanner.position): never {
  throw new RecordcastError('expression-too-deep', `The expression has ${what} (position ${position}).`, {
    position,
    found: what,
    expected,
  })
}

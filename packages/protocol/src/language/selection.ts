import { RecordcastError } from '../errors/index.js'
import { type Access, type Expression, limits } from './ast.js'
import { readWithin } from './budget.js'
import { compileExpression, type Find } from './evaluate.js'
import { checkLength, parse } from './parse.js'
import { print } from './print.js'
import { atomOf, atomsOf } from './reduce.js'
import { own, setOwn } from './values.js'
import { walk } from './walk.js'

/** A listener's own names for expressions, or a list whose names are the expressions themselves in canonical form. */
export type AttributesInput = Readonly<Record<string, string>> | readonly string[]

/** A set of named expressions, taken apart into atoms. */
export interface Selection {
  /** What has to be loaded and sent: canonical, sorted, unique. `$event` is no part of it. */
  readonly atoms: readonly string[]
  readonly names: readonly string[]
  /**
   * Evaluates every expression on what its atoms read. `get` is asked for an atom only when its value is needed (the
   * right side of a `!` only if the left is null), perhaps more than once; what it throws is thrown on. `event` answers
   * `$event`. The result has the names as own properties. An Unavailable that `get` gives is the value of the name.
   */
  cut(get: (atom: string) => unknown, event?: object): Record<string, unknown>
  /** The atoms that one name may need, sorted; none for a name that is not selected. */
  needs(name: string): readonly string[]
}

interface Scope {
  readonly get: (atom: string) => unknown
  readonly event: object | undefined
}

/**
 * Compiles a whole set of attributes.
 *
 * @throws RecordcastError with the codes of compileAttribute and `path` naming the attribute ("attributes.who",
 * "attributes[2]"); too-many-expressions over 256; invalid-options for what is neither a map nor a list.
 */
export function compileSelection(attributes: AttributesInput): Selection {
  const named = nameExpressions(attributes)
  const parts = [...named].map(([name, expression]) => ({
    name,
    evaluate: compileExpression(expression, takeAtom),
    needs: [...atomsOf(expression)].filter((atom) => !atom.startsWith('$event.')).sort(),
  }))
  const needs = new Map(parts.map((part) => [part.name, part.needs]))
  return {
    atoms: [...new Set(parts.flatMap((part) => part.needs))].sort(),
    names: [...named.keys()],
    cut(get, event) {
      const scope = { get, event }
      const data = {}
      for (const { name, evaluate } of parts) setOwn(data, name, readWithin(evaluate, undefined, scope))
      return data
    },
    needs: (name) => needs.get(name) ?? [],
  }
}

function nameExpressions(attributes: AttributesInput): Map<string, Expression> {
  if (typeof attributes !== 'object' || attributes === null) {
    const expected = 'a map of names to expressions, or a list of expressions'
    throw new RecordcastError('invalid-options', `Attributes are ${expected}.`, {
      path: 'attributes',
      found: attributes,
      expected,
    })
  }
  const isList = Array.isArray(attributes)
  const entries = Object.entries(attributes)
  if (entries.length > limits.expressions) {
    throw new RecordcastError('too-many-expressions', `A selection has at most ${limits.expressions} expressions.`, {
      path: 'attributes',
      found: `${entries.length} expressions`,
      expected: `at most ${limits.expressions}`,
    })
  }
  const named = new Map<string, Expression>()
  for (const [name, text] of entries) {
    const expression = parseAt(isList ? `attributes[${name}]` : `attributes.${name}`, text)
    named.set(isList ? print(expression) : name, expression)
  }
  return named
}

function parseAt(path: string, text: string): Expression {
  try {
    const expression = parse(text)
    checkLength(print(expression))
    return expression
  } catch (error) {
    if (!(error instanceof RecordcastError)) throw error
    const { code, message, found, expected, position } = error
    throw new RecordcastError(code, `${path}: ${message}`, {
      path,
      found,
      ...(expected !== undefined && { expected }),
      ...(position !== undefined && { position }),
    })
  }
}

/** Finds raw values in what atoms read: at the top by asking for the atom, in a tail under the atom's text as key. */
const takeAtom: Find<Scope> = (access: Access, inside: boolean) => {
  const atom = atomOf(access)
  const text = print(atom)
  if (inside && access.root === '') return (object) => own(object as object, text)
  if (access.root !== '$event') return (_, { get }) => get(text)
  const evaluate = compileExpression(atom, walk)
  return (_, { event }) => evaluate(undefined, { ...(event !== undefined && { event }) })
}

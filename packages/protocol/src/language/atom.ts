import { RecordcastError } from '../errors/index.js'
import type { Access, Root } from './ast.js'
import { readWithin } from './budget.js'
import { compileExpression } from './evaluate.js'
import { parse } from './parse.js'
import { print } from './print.js'
import { atomsOf } from './reduce.js'
import { type Context, walk } from './walk.js'

/** One atom, ready to be read at the source. */
export interface Atom {
  /** Canonical. */
  readonly text: string
  /** '' for the record as the event leaves it. */
  readonly root: Root
  /** The property names that the atom walks from its root on, tails included; empty for `$changed`. */
  readonly names: NameTree
  /** As CompiledAttribute.read: an Unavailable met anywhere on the way is the value. */
  read(record: unknown, context?: Context): unknown
}

/** Property names by the way to them. A link standing at a node has to be loaded if `value` holds or `names` is not empty. */
export interface NameTree {
  readonly names: ReadonlyMap<string, NameTree>
  /** A path takes the value that stands here, or asks with an empty tail whether there is one. */
  readonly value: boolean
  /** A path ends here in `?id`, for which a link's key is enough. */
  readonly id: boolean
}

interface GrowingTree {
  readonly names: Map<string, GrowingTree>
  value: boolean
  id: boolean
}

/**
 * Compiles one atom. White space and the order of fields are free; aliases, or-else and conversions other than `?id`
 * make it an expression that is no atom.
 *
 * @throws RecordcastError with the codes of compileAttribute; expression-syntax for what is no atom.
 */
export function compileAtom(text: string): Atom {
  const expression = parse(text, { emptyTails: true })
  const canonical = print(expression)
  const atoms = [...atomsOf(expression)]
  if (atoms.length !== 1 || atoms[0] !== canonical) {
    throw new RecordcastError('expression-syntax', `"${canonical}" is an expression, not a single atom.`, {
      path: canonical,
      found: canonical,
      expected: `the atoms ${atoms.join(' and ')}`,
    })
  }
  const access = expression.alternatives[0]!
  const names = newTree()
  if (access.root !== '$changed') grow(names, access)
  const evaluate = compileExpression(expression, walk)
  return {
    text: canonical,
    root: access.root,
    names,
    read: (record, context) => readWithin(evaluate, record, context),
  }
}

function newTree(): GrowingTree {
  return { names: new Map(), value: false, id: false }
}

function grow(tree: GrowingTree, { steps, tail, scalar }: Access): void {
  let at = tree
  for (const { name } of steps) {
    const next = at.names.get(name) ?? newTree()
    at.names.set(name, next)
    at = next
  }
  if (tail === undefined) at[scalar === 'id' ? 'id' : 'value'] = true
  else if (tail.length === 0) at.value = true
  else for (const { expression } of tail) for (const access of expression.alternatives) grow(at, access)
}

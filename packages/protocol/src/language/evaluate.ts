import type { Access, Expression } from './ast.js'
import { spend } from './budget.js'
import { convert } from './convert.js'
import { enter, first, leaves, setOwn, unlink } from './values.js'

/** Evaluates an expression, or a part of it, on a value; null where there is none. Throws a met Unavailable. */
export type Evaluate<Scope> = (value: unknown, scope: Scope) => unknown

/**
 * How the raw value of an access is found: by walking a record (walk.ts), or by taking what an atom read
 * (selection.ts). `inside` says that the access stands in a tail, so that `value` is the object around it.
 */
export type Find<Scope> = (access: Access, inside: boolean) => Evaluate<Scope>

/** Turns an expression into a closure once, so that reading takes no decisions again. */
export function compileExpression<Scope>(expression: Expression, find: Find<Scope>, inside = false): Evaluate<Scope> {
  const [only, ...others] = expression.alternatives.map((access) => compileAccess(access, find, inside))
  if (others.length === 0 && expression.literal === undefined) return only!
  const alternatives = [only!, ...others]
  const fallback = expression.literal?.value ?? null
  return (value, scope) => {
    for (const evaluate of alternatives) {
      spend(1)
      const found = evaluate(value, scope)
      if (found !== null) return found
    }
    return fallback
  }
}

/** A step is to go from an object to one of its properties; to keep a field takes more. */
const fieldSteps = 2
const elementSteps = 1

function compileAccess<Scope>(access: Access, find: Find<Scope>, inside: boolean): Evaluate<Scope> {
  const raw = find(access, inside)
  const finish = compileFinish(access, find)
  if (!access.list) {
    return (value, scope) => {
      const found = first(raw(value, scope))
      return found === null ? null : finish(found, scope)
    }
  }
  return (value, scope) => {
    const list: unknown[] = []
    for (const leaf of leaves(raw(value, scope))) {
      spend(elementSteps)
      const finished = finish(leaf, scope)
      if (finished !== null) list.push(finished)
    }
    return list
  }
}

/** What is done with one value at the end of a path: its tail, then its scalar. */
function compileFinish<Scope>({ tail, scalar }: Access, find: Find<Scope>): Evaluate<Scope> {
  const convertOne = scalar === undefined ? unlink : convert[scalar]
  if (tail === undefined) return convertOne
  const fields = tail.map(({ key, expression }) => ({ key, evaluate: compileExpression(expression, find, true) }))
  return (value, scope) => {
    const object = enter(value)
    if (object === null) return null
    spend(fields.length * fieldSteps)
    const built = {}
    for (const { key, evaluate } of fields) setOwn(built, key, evaluate(object, scope))
    return convertOne(built)
  }
}

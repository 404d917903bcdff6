import type { Access, Step } from './ast.js'
import { spend } from './budget.js'
import type { Evaluate, Find } from './evaluate.js'
import { enter, first, leaves, own } from './values.js'

/** What an expression may read beside the record. An absent part reads as null everywhere. */
export interface Context {
  /** The record before the change. */
  readonly before?: object | null
  /** Names of the properties that changed. */
  readonly changed?: readonly string[]
  /** The event's own fields: id, time, type, source, tenant, record, user, attempt. */
  readonly event?: object
}

/** Finds raw values by walking the record or the context, step by step. */
export const walk: Find<Context | undefined> = (access) => {
  if (access.root === '$changed') return (_, context) => context?.changed ?? null
  const steps = compileSteps(access)
  if (access.root === '$before') return (_, context) => steps(context?.before, context)
  if (access.root === '$event') return (_, context) => steps(context?.event, context)
  return steps
}

function compileSteps({ steps, list }: Access): Evaluate<unknown> {
  const names = steps.map(({ name }) => name)
  if (list) {
    return (value) => {
      const found: unknown[] = []
      collect(first(value), steps, 0, found)
      return found
    }
  }
  return (value) => {
    let found = first(value)
    spend(names.length)
    for (const name of names) {
      const object = enter(found)
      if (object === null) return null
      found = own(object, name)
    }
    return found
  }
}

/** Adds every value that the steps lead to. Recursion is as deep as the path has steps. */
function collect(value: unknown, steps: readonly Step[], from: number, found: unknown[]): void {
  let at = value
  spend(0.5)
  for (let index = from; index < steps.length; index++) {
    spend(1)
    const object = enter(at)
    if (object === null) return
    at = own(object, steps[index]!.name)
    if (!steps[index]!.list) continue
    for (const leaf of leaves(at)) collect(leaf, steps, index + 1, found)
    return
  }
  // Without [] on the last step a list gives its first element only.
  found.push(first(at))
}

import type { Access, Expression, Field } from './ast.js'
import { print } from './print.js'

/*
Atoms are what a source answers and a projection carries: expressions without aliases, without or-else and without
conversions, so that listeners which need the same paths share one projection whatever they call them. `?id` alone is
kept, on a path without tail, because a link answers it without being loaded.

  owner{who:name,all:roles[]}!title   →  owner{name,roles[]}  and  title
  owner{n:name!nick,t:$event.time}    →  owner{name,nick}     and  $event.time
  owner{t:$event.time}                →  owner{}              and  $event.time   (is there an owner at all?)

A rooted path inside a tail belongs to no object, so it becomes an atom of its own beside the one around it.
*/

/** The atom that an access needs where it stands; paths with a root inside its tail are not in it. */
export function atomOf(access: Access): Expression {
  const { root, steps, list, tail, scalar } = access
  if (tail !== undefined) return { alternatives: [{ root, steps, list, tail: reduceTail(tail) }] }
  return { alternatives: [{ root, steps, list, ...(scalar === 'id' && { scalar }) }] }
}

/** Canonical texts of all atoms that an expression may need, in no particular order; `$event` ones included. */
export function atomsOf(expression: Expression): Set<string> {
  const atoms = new Set<string>()
  for (const access of expression.alternatives) {
    atoms.add(print(atomOf(access)))
    addRooted(access, atoms)
  }
  return atoms
}

function reduceTail(tail: readonly Field[]): Field[] {
  const fields = new Map<string, Field>()
  for (const { expression } of tail) {
    for (const access of expression.alternatives) {
      if (access.root !== '') continue
      const atom = atomOf(access)
      const key = print(atom)
      fields.set(key, { key, expression: atom })
    }
  }
  return [...fields.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Adds the atoms of rooted paths in the tails of an access. */
function addRooted(access: Access, atoms: Set<string>): void {
  for (const { expression } of access.tail ?? []) {
    for (const inner of expression.alternatives) {
      if (inner.root !== '') atoms.add(print(atomOf(inner)))
      addRooted(inner, atoms)
    }
  }
}

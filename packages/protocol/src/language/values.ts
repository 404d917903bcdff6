import { spend } from './budget.js'
import { Linked, Unavailable } from './linked.js'

/*
Own properties only, and nothing here recurses: how deep a value nests is up to whoever sent it.
A read that meets an Unavailable throws that very instance; the entrances (attribute, atom, selection) turn it into the
value. So no step has to look for it twice, and no part of a value can slip out.
*/

/** An own property, null if there is none. What JSON has no word for (undefined, NaN, a function) is null as well. */
export function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? met((value as Record<string, unknown>)[name]) : null
}

/** The object on which a step may be taken: of a list the first element, of a link its record. Else null. */
export function enter(value: unknown): object | null {
  if (typeof value !== 'object' || value === null) return null
  const record = unlink(Array.isArray(value) ? first(value) : value)
  return typeof record === 'object' && !Array.isArray(record) ? record : null
}

/** The record of a link, or the value itself, which the caller has by own, first or leaves. */
export function unlink(value: unknown): unknown {
  return value instanceof Linked ? met(value.record) : value
}

/** The first element that is not null, looking into lists of lists; a value that is no list is its own first. */
export function first(value: unknown): unknown {
  if (!Array.isArray(value)) return met(value)
  for (const element of flatten(value)) {
    const found = met(element)
    if (found !== null) return found
  }
  return null
}

/** The elements that are not null, lists of lists flattened, in order; a value that is no list is its only element. */
export function leaves(value: unknown): unknown[] {
  const list: unknown[] = []
  for (const element of Array.isArray(value) ? flatten(value) : [value]) {
    const found = met(element)
    if (found !== null) list.push(found)
  }
  return list
}

/** Elements that are looked at in the time of one step; see budget.ts. */
const elementsAStep = 4
/** Taken out of lists in lists they cost more. */
const nestedAStep = 2.5

function flatten(list: readonly unknown[]): readonly unknown[] {
  spend(list.length / elementsAStep)
  if (!list.some(Array.isArray)) return list
  const flat: unknown[] = []
  const waiting = list.toReversed()
  while (waiting.length > 0) {
    const element = waiting.pop()
    if (!Array.isArray(element)) {
      flat.push(element)
      continue
    }
    spend((1 + element.length) / nestedAStep)
    for (let index = element.length - 1; index >= 0; index--) waiting.push(element[index])
  }
  return flat
}

/** Sets a property as an own one whatever its name: `__proto__` is an ordinary key. */
export function setOwn(target: object, name: string, value: unknown): void {
  if (name !== '__proto__') (target as Record<string, unknown>)[name] = value
  else Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })
}

function met(value: unknown): unknown {
  switch (typeof value) {
    case 'object':
      if (value instanceof Unavailable) throw value
      return value
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'undefined':
    case 'function':
    case 'symbol':
      return null
    default:
      return value
  }
}

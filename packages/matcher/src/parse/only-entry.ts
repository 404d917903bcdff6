import { invalid } from '../refuse.js'

/** The one entry of an operator object. */
export function onlyEntry(
  object: Readonly<Record<string, unknown>>,
  pointer: string,
  names: readonly string[],
): [name: string, operand: unknown] {
  const [first, ...more] = Object.keys(object)
  const expected = `one operator: ${names.join(', ')}`
  if (first === undefined || more.length > 0) throw invalid(pointer, object, expected)
  if (!names.includes(first)) throw invalid(pointer, first, expected)
  return [first, object[first]]
}

import type { Hostile } from './hostile-filters.js'

/* Expressions at the limits, each with the record that makes it work hardest. */

const list = <T>(length: number, make: (at: number) => T): T[] => Array.from({ length }, (_, at) => make(at))
const name = (at: number): string => (at + 10).toString(36)
const object = <T>(count: number, make: (at: number) => T): Record<string, T> =>
  Object.fromEntries(list(count, (at) => [name(at), make(at)]))

/** As many fields as an expression may have; the shorter each is, the more. */
function tail(field: (name: string) => string): string {
  let text = ''
  for (let at = 0; at < 2000; at++) {
    const next = field(name(at))
    if (text.length + next.length > 4000) break
    text += text === '' ? next : `,${next}`
  }
  return `{${text}}`
}

export function hostileAttributes(size: number): readonly Hostile<string>[] {
  const aliased = (rest: string) => tail((alias) => `${alias}:${rest}`)
  const path = list(14, name)
  const deep = path.reduceRight<unknown>((below, step) => ({ [step]: below }), 1)
  return [
    {
      name: 'fields that are not there',
      question: `p[]${tail((key) => key)}`,
      event: { p: list(size >> 4, () => ({})) },
    },
    {
      name: 'fields that are',
      question: `p[]${tail((key) => key)}`,
      event: { p: list(size >> 10, () => object(1000, (at) => at)) },
    },
    { name: 'few fields of many elements', question: 'p[]{a,b}', event: { p: list(size, () => ({ a: 1, b: 2 })) } },
    { name: 'elements', question: 'p[]', event: { p: list(size, () => 1) } },
    { name: 'a property of elements', question: 'p[].n', event: { p: list(size, () => ({ n: 1 })) } },
    {
      name: 'lists within lists',
      question: 'a[]{b[]{c[]{d,e},f},g}',
      event: { a: nested(['a', 'b', 'c'], Math.cbrt(size)) },
    },
    { name: 'a path through lists', question: 'a[].b[].c[].d', event: { a: nested(['a', 'b', 'c'], Math.cbrt(size)) } },
    { name: 'a long path', question: `p[].${path.join('.')}`, event: { p: list(size >> 3, () => deep) } },
    {
      name: 'the first of many nulls, often',
      question: `p${tail((key) => `b.${key}`)}`,
      event: { p: { b: list(size, () => null) } },
    },
    { name: 'a list, often', question: `p${aliased('b[]')}`, event: { p: { b: list(size >> 3, () => 1) } } },
    {
      name: 'lists in lists, often',
      question: `p${aliased('b[]')}`,
      event: { p: { b: list(300, () => list(size >> 10, () => 1)) } },
    },
    { name: 'a long number, often', question: `p${aliased('b?num')}`, event: { p: { b: '1'.repeat(size) } } },
    {
      name: 'an object as text, often',
      question: `p${aliased('b?str')}`,
      event: { p: { b: object(size >> 6, (at) => ({ at })) } },
    },
    { name: 'alternatives', question: `p[]${aliased('a!b!c!d!e!f!0')}`, event: { p: list(size >> 3, () => ({})) } },
  ]
}

function nested([first, ...rest]: readonly string[], width: number): unknown {
  if (first === undefined) return { d: 1 }
  const [next] = rest
  return list(Math.floor(width), () => (next === undefined ? { d: 1 } : { [next]: nested(rest, width) }))
}

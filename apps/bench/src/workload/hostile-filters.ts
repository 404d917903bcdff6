/*
Filters at the limits, each with the event that makes it work hardest. Whatever is not counted, or is counted for less than
it takes, shows in how long one of them holds everything up.
*/

export interface Hostile<Question> {
  readonly name: string
  readonly question: Question
  readonly event: Readonly<Record<string, unknown>>
}

const list = <T>(length: number, make: (at: number) => T): T[] => Array.from({ length }, (_, at) => make(at))
const fields = <T>(count: number, make: (at: number) => T): Record<string, T> =>
  Object.fromEntries(list(count, (at) => [`f${at}`, make(at)]))
const repeated = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length)

/** Numbered texts of one length that begin alike, end alike or neither. */
const numbered = (at: number): string => String(at).padStart(5, '0')

export function hostileFilters(size: number): readonly Hostile<unknown>[] {
  const long = repeated('a', size)
  const texts = list(size >> 8, (at) => `${repeated('ab', 250)}${numbered(at)}`)
  const elements = (make: (at: number) => unknown) => list(size >> 6, make)
  const or = (make: (at: number) => unknown) => ({ $or: list(50, make) })
  return [
    {
      name: 'wildcards on a long text',
      question: { a: list(64, (at) => ({ wildcard: `*${'a*'.repeat(15)}b${at}` })) },
      event: { a: long },
    },
    {
      name: 'long parts that nearly fit',
      question: { a: list(60, (at) => ({ wildcard: `*${repeated('a', 900)}b${at}*` })) },
      event: { a: long },
    },
    {
      name: 'wildcards on many texts',
      question: { a: list(64, (at) => ({ wildcard: `*b*a*b*c${at}*` })) },
      event: { a: texts },
    },
    {
      name: 'affixes without case',
      question: { a: list(64, (at) => ({ prefix: { 'equals-ignore-case': `${repeated('AB', 250)}${at}x` } })) },
      event: { a: texts },
    },
    {
      name: 'texts without case',
      question: { a: list(1000, (at) => ({ 'equals-ignore-case': `${repeated('AB', 50)}${at}` })) },
      event: { a: texts },
    },
    {
      name: 'sharp letters without case',
      question: { a: list(64, (at) => ({ suffix: { 'equals-ignore-case': `${repeated('ß', 500)}${at}` } })) },
      event: { a: list(size >> 8, () => repeated('S', 1000)) },
    },
    {
      name: 'a thousand prefixes',
      question: { a: list(1000, (at) => ({ prefix: `${repeated('ab', 40)}${numbered(at)}` })) },
      event: { a: texts },
    },
    {
      name: 'a thousand suffixes',
      question: { a: [{ 'anything-but': { suffix: list(1000, (at) => `${repeated('ab', 40)}${at}`) } }] },
      event: { a: texts },
    },
    {
      name: 'ten thousand values',
      question: fields(10, (field) => list(1000, (at) => `${field}-${at}`)),
      event: fields(10, () => list(size >> 6, numbered)),
    },
    {
      name: 'ranges',
      question: { a: list(64, (at) => ({ numeric: ['>', at + 0.25, '<', at + 0.75] })) },
      event: { a: list(size, (at) => at) },
    },
    {
      name: 'addresses',
      question: { a: list(1000, (at) => ({ cidr: `10.${at >> 2}.${(at & 3) * 64}.0/26` })) },
      event: { a: list(size >> 4, (at) => `11.${at & 255}.${(at >> 8) & 255}.1`) },
    },
    {
      name: 'anything but',
      question: { a: list(60, (at) => ({ 'anything-but': list(16, (of) => `x${at}-${of}`) })) },
      event: { a: list(size >> 2, () => null) },
    },
    {
      name: 'many names in many elements',
      question: { a: fields(200, () => [1]) },
      event: { a: elements(() => ({ f0: 1 })) },
    },
    {
      name: 'many leaves of one element',
      question: { a: fields(200, (at) => (at < 199 ? [1] : [2])) },
      event: { a: list(size >> 8, () => fields(200, () => 1)) },
    },
    {
      name: 'elements within elements',
      question: { a: { x: [1], b: { y: [1], c: { z: [1], w: [2] } } } },
      event: {
        a: list(40, () => ({
          x: 1,
          b: list(40, () => ({ y: 1, c: list(40, (at) => ({ z: 1, w: at === 0 ? 1 : 0 })) })),
        })),
      },
    },
    {
      name: 'absence in every element',
      question: { a: fields(200, (at) => [at % 2 === 0 ? { exists: false } : { exists: true }]) },
      event: { a: elements((at) => ({ [`f${at % 200}`]: 1 })) },
    },
    {
      name: 'absence in some element',
      question: { a: { x: [{ exists: true }], y: [{ exists: false }] } },
      event: { a: elements(() => ({ x: 1, y: 1 })) },
    },
    {
      name: 'alternatives over one list',
      question: or((at) => ({ a: { x: [1], y: [`no${at}`], z: [{ exists: false }] } })),
      event: { a: elements((at) => ({ x: 1, y: `no${at % 64}`, z: 1 })) },
    },
    {
      name: 'alternatives over two lists',
      question: or((at) => ({ a: { x: [at], y: [at + 1] }, b: { x: [at], y: [at + 1] } })),
      event: { a: elements((at) => ({ x: at % 64, y: at % 64 })), b: elements((at) => ({ x: at % 64, y: at % 64 })) },
    },
    {
      name: 'names spelt in many ways',
      question: { 'a.a.a.a.a': fields(20, (at) => (at < 19 ? [1] : [2])) },
      event: spelt(size >> 9),
    },
    {
      name: 'lists in lists',
      question: { a: [1] },
      event: { a: list(size >> 5, () => JSON.parse(`${'['.repeat(30)}0${']'.repeat(30)}`)) },
    },
    {
      name: 'plain values, many alternatives',
      question: or((at) => ({
        a: list(99, (of) => ({ suffix: `${repeated('ab', 100)}${at}-${of}` })),
        b: list(99, (of) => `x${at}-${of}`),
      })),
      event: { a: repeated('ab', 256), b: 'x1-2' },
    },
  ]
}

/** One name in as many spellings as five parts have. */
function spelt(length: number): Record<string, unknown> {
  const below = (): unknown => list(length, () => fields(19, () => 1))
  const ways = (left: number): Record<string, unknown> => {
    const object: Record<string, unknown> = {}
    for (let taken = 1; taken <= left; taken++) {
      const name = list(taken, () => 'a').join('.')
      object[name] = taken === left ? below() : ways(left - taken)
    }
    return object
  }
  return ways(5)
}

import sift from 'sift'
import type { Pattern } from './patterns.js'

type Query = Record<string, unknown>

/** The pattern as sift's users would write it, compiled. */
export function compileQuery(pattern: Pattern): (event: unknown) => boolean {
  // Its types say that the function is below `default`, and there it is.
  return sift.default(toQuery(pattern))
}

/** The same question as a MongoDB query, which is what sift compiles. For patterns without $or. */
function toQuery(pattern: Pattern, above = ''): Query {
  const query: Query = {}
  for (const [name, below] of Object.entries(pattern)) {
    const path = above + name
    if (Array.isArray(below)) query[path] = anyOf(below)
    else Object.assign(query, toQuery(below as Pattern, `${path}.`))
  }
  return query
}

function anyOf(alternatives: readonly unknown[]): unknown {
  if (alternatives.every((each) => !isOperator(each))) return { $in: alternatives }
  if (alternatives.length > 1) throw new TypeError(`No query for ${JSON.stringify(alternatives)}`)
  return condition(alternatives[0] as Query)
}

function condition(operator: Query): unknown {
  const [[name, value] = []] = Object.entries(operator)
  switch (name) {
    case 'exists':
      return { $exists: value }
    case 'numeric':
      return range(value as readonly unknown[])
    case 'anything-but':
      return isOperator(value) ? { $exists: true, $not: textual(value) } : { $exists: true, $nin: [value].flat() }
    case 'cidr':
      // It has no operator for it; this is how one is added.
      return { $where: inBlock(String(value)) }
    default:
      return textual(operator)
  }
}

function inBlock(block: string): (value: unknown) => boolean {
  const [address = '', bits = ''] = block.split('/')
  const size = 2 ** (32 - Number(bits))
  const first = Math.floor(toNumber(address) / size)
  return (value) => typeof value === 'string' && Math.floor(toNumber(value) / size) === first
}

const toNumber = (address: string): number => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)

function textual(operator: Query): RegExp {
  const [[name, value] = []] = Object.entries(operator)
  const text = escaped(String(value))
  switch (name) {
    case 'prefix':
      return new RegExp(`^${text}`)
    case 'suffix':
      return new RegExp(`${text}$`)
    case 'wildcard':
      return new RegExp(`^${text.replaceAll('\\*', '.*')}$`, 's')
    case 'equals-ignore-case':
      return new RegExp(`^${text}$`, 'i')
    default:
      throw new TypeError(`No query for the operator ${name}`)
  }
}

const comparisons: Readonly<Record<string, string>> = { '=': '$eq', '<': '$lt', '<=': '$lte', '>': '$gt', '>=': '$gte' }

function range(parts: readonly unknown[]): Query {
  const query: Query = {}
  for (let at = 0; at < parts.length; at += 2) query[comparisons[String(parts[at])]!] = parts[at + 1]
  return query
}

const isOperator = (value: unknown): value is Query =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

import type { Access, Expression, Field, Literal } from './ast.js'
import { isBareName, looksLikeLiteral } from './scan.js'

/** The canonical text: no white space, names quoted only where they must be, aliases only where they rename. */
export function print(expression: Expression): string {
  const texts = expression.alternatives.map((access, index) => printAccess(access, index > 0))
  if (expression.literal !== undefined) texts.push(printLiteral(expression.literal))
  return texts.join('!')
}

/** @param orElse whether the path stands behind a `!`, where a first name such as `true` has to be quoted. */
function printAccess(access: Access, orElse = false): string {
  const { root, steps, tail, scalar } = access
  let text: string = root
  if (root === '$changed') text += access.list ? '[]' : ''
  else if (root !== '') text += '.'
  text += steps
    .map(({ name, list }, index) => {
      const quoted = orElse && root === '' && index === 0 && looksLikeLiteral(name)
      return (quoted ? JSON.stringify(name) : printName(name)) + (list ? '[]' : '')
    })
    .join('.')
  if (tail !== undefined) text += `{${tail.map(printField).join(',')}}`
  if (scalar !== undefined) text += `?${scalar}`
  return text
}

function printField({ key, expression }: Field): string {
  const text = print(expression)
  return key === text ? text : `${printName(key)}:${text}`
}

function printName(name: string): string {
  return isBareName(name) ? name : JSON.stringify(name)
}

function printLiteral({ value }: Literal): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

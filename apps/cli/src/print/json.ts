import { visible } from './text.js'

/** JSON for programs, with a line break at its end. What a terminal would obey stands in it as escapes, which mean the same. */
export function jsonText(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent)
  return `${text.split('\n').map(visible).join('\n')}\n`
}

import { limits } from '../limits.js'
import { invalid, tooComplex } from '../refuse.js'

/** The literal parts between the asterisks. A backslash makes an asterisk or a backslash literal, and nothing else. */
export function parseWildcard(text: string, pointer: string): readonly string[] {
  const parts: string[] = []
  let part = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\\') {
      const next = text[++at]
      if (next !== '*' && next !== '\\')
        throw invalid(pointer, text, 'an asterisk or a backslash after every backslash')
      part += next
    } else if (letter === '*') {
      if (text[at + 1] === '*') throw invalid(pointer, text, 'no two asterisks in a row')
      parts.push(part)
      part = ''
    } else {
      part += letter
    }
  }
  if (parts.length > limits.stars) throw tooComplex(pointer, 'stars', parts.length)
  return [...parts, part]
}

import { remember } from '../names/remember.js'
import { splitEventType } from '../record.js'

/*
Of many listeners most name the same few event types and ask for the same few attributes. Each such text, and each such list, is kept once for all.
*/

/** The event type, the same text for all who name it; undefined when it is none. */
export function sharedEventType(name: string): string | undefined {
  return eventTypes(name).type
}

const eventTypes = remember((name) => ({ type: splitEventType(name) === undefined ? undefined : name }), 1024)

const mostLists = 1024
const longestList = 1024
const lists = new Map<string, readonly string[]>()

/** A list of the same texts, frozen; the given one where it is too long to be kept. */
export function sharedTexts(texts: readonly string[]): readonly string[] {
  const key = texts.length === 1 ? (texts[0] as string) : texts.join('\n')
  const known = lists.get(key)
  if (known !== undefined) return isSame(known, texts) ? known : texts
  if (key.length > longestList) return texts
  if (lists.size >= mostLists) lists.clear()
  const kept = Object.freeze([...texts])
  lists.set(key, kept)
  return kept
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at])
}

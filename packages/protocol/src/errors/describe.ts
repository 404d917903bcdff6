const shownCharacters = 64

/**
 * A value as it is shown in an error: a text as it is, anything else as JSON where possible, at most 64 characters. Never
 * throws, and never looks at more of the value than it shows.
 */
export function describe(value: unknown): string {
  let text: string
  try {
    text = typeof value === 'string' ? value : show(value, shownCharacters)
  } catch {
    text = 'a value that cannot be shown'
  }
  if (text.length <= shownCharacters) return text
  const cut = text.slice(0, shownCharacters - 1)
  // Not between the halves of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/** The beginning of a value's text. What is longer than `room` is not complete: each level takes a character, so a cycle ends too. */
function show(value: unknown, room: number): string {
  if (room <= 0) return ''
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room + 1))
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `[function ${String(value.name)}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if (isError(value)) return `${value.name}: ${value.message}`
  if (Array.isArray(value)) return showList(value, room)
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') {
    const json: unknown = toJSON.call(value)
    return typeof json === 'object' && json !== null ? showObject(json, room) : show(json, room)
  }
  return showObject(value, room)
}

/** Of this realm or another. */
function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

function showList(list: readonly unknown[], room: number): string {
  let text = '['
  for (let index = 0; index < list.length && text.length < room; index++) {
    if (index > 0) text += ','
    text += show(list[index], room - text.length)
  }
  return `${text}]`
}

function showObject(object: object, room: number): string {
  let text = ''
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue
    if (text.length >= room) break
    text += `${text === '' ? '' : ','}${JSON.stringify(key.slice(0, room))}:`
    text += show((object as Record<string, unknown>)[key], room - text.length)
  }
  const tag = Object.prototype.toString.call(object)
  return text === '' && tag !== '[object Object]' ? tag : `{${text}}`
}

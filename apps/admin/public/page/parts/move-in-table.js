// @ts-check

const inside = 'a[href], button, summary'

/**
 * Arrow keys go from row to row, Home and End to the first and the last, staying in the column.
 *
 * @param {KeyboardEvent} event
 */
export function moveInTable(event) {
  const { key, target, currentTarget } = event
  if (
    !(target instanceof Element) ||
    !(currentTarget instanceof Element) ||
    event.altKey ||
    event.ctrlKey ||
    event.metaKey
  )
    return
  const rows = [...currentTarget.children].filter((row) => row.querySelector(inside) !== null)
  const row = target.closest('tr')
  if (row === null) return
  const from = rows.indexOf(row)
  const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: rows.length - 1 }[key]
  const next = to === undefined ? undefined : rows[to]
  if (next === undefined) return
  const column = [...row.querySelectorAll(inside)].indexOf(target)
  const places = [...next.querySelectorAll(inside)]
  const place = places[Math.min(Math.max(column, 0), places.length - 1)]
  if (!(place instanceof HTMLElement)) return
  event.preventDefault()
  place.focus()
}

// @ts-check
import { h, present } from '../dom/element.js'
import { swap } from '../dom/swap.js'
import { moveInTable } from './move-in-table.js'

/** @typedef {import('../dom/element.js').Child} Child */

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} head
 * @property {(row: Row) => Child | readonly Child[]} cell
 * @property {(row: Row) => string | number} [sort] can be sorted by it
 * @property {boolean} [number] stands to the right
 */

/*
A table that keeps its order and its focus when its rows change. The first column names the row. On a narrow screen each row becomes a
card, which takes a table's meaning away from its elements, so that roles are given as well.
*/

/**
 * @template Row
 * @param {object} options
 * @param {string} options.caption for who cannot see where it stands
 * @param {readonly Column<Row>[]} options.columns
 * @param {(row: Row) => string} options.key
 * @returns {{ element: HTMLElement, show: (rows: readonly Row[]) => void }}
 */
export function createTable({ caption, columns, key }) {
  /** @type {readonly Row[]} */
  let rows = []
  /** @type {{ by: Column<Row>, down: boolean } | undefined} */
  let order
  const body = h('tbody', { role: 'rowgroup', onkeydown: moveInTable })
  const heads = columns.map((column) => ({ column, cell: head(column) }))
  const element = h(
    'table',
    { role: 'table', class: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        heads.map(({ cell }) => cell),
      ),
    ),
    body,
  )

  /** @param {Column<Row>} column */
  function head(column) {
    const { head: text, sort, number } = column
    const cell = h('th', { role: 'columnheader', scope: 'col', class: number ? 'number' : undefined })
    if (sort === undefined) cell.textContent = text
    else cell.append(h('button', { type: 'button', class: 'sort', onclick: () => sortBy(column) }, text))
    return cell
  }

  /** @param {Column<Row>} by */
  function sortBy(by) {
    const isSame = order?.by === by
    order = { by, down: isSame ? !order?.down : by.number === true }
    for (const { column, cell } of heads) {
      if (column === by) cell.setAttribute('aria-sort', order.down ? 'descending' : 'ascending')
      else cell.removeAttribute('aria-sort')
    }
    draw()
  }

  function draw() {
    swap(body, ...inOrder().map(line))
  }

  function inOrder() {
    const { by, down } = order ?? {}
    if (by?.sort === undefined) return rows
    const { sort } = by
    const sign = down ? -1 : 1
    return rows.toSorted((a, b) => {
      const [one, other] = [sort(a), sort(b)]
      return one === other ? 0 : one < other ? -sign : sign
    })
  }

  /** @param {Row} row */
  function line(row) {
    const cells = columns.map(({ head: label, cell, number }, index) => {
      const kind = index === 0 ? { role: 'rowheader', scope: 'row' } : { role: 'cell' }
      const attributes = { ...kind, 'data-label': label, class: number ? 'number' : undefined }
      return h(index === 0 ? 'th' : 'td', attributes, h('div', { class: 'cell' }, ...present([cell(row)].flat())))
    })
    return h('tr', { role: 'row', 'data-key': key(row) }, cells)
  }

  return {
    element,
    show(given) {
      rows = given
      draw()
    },
  }
}

/**
 * A table that is drawn once.
 *
 * @template Row
 * @param {string} caption
 * @param {readonly Column<Row>[]} columns
 * @param {readonly Row[]} rows
 * @param {(row: Row, index: number) => string} [key]
 */
export function table(caption, columns, rows, key) {
  const keys = new Map(rows.map((row, index) => [row, key?.(row, index) ?? String(index)]))
  const { element, show } = createTable({ caption, columns, key: (/** @type {Row} */ row) => keys.get(row) ?? '' })
  show(rows)
  return element
}

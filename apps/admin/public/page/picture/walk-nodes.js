// @ts-check

/**
 * Makes the nodes one stop of the Tab key: up and down go along a column, left and right to the nearest one of another column.
 *
 * @param {HTMLElement} frame listens
 */
export function walkNodes(frame) {
  const nodes = /** @type {SVGAElement[]} */ ([...frame.querySelectorAll('a.node')])
  const places = nodes.map((node) => {
    const box = node.querySelector('.frame')
    return { node, x: Number(box?.getAttribute('x')), y: Number(box?.getAttribute('y')) }
  })
  for (const [index, node] of nodes.entries()) node.setAttribute('tabindex', index === 0 ? '0' : '-1')
  frame.addEventListener('focusin', ({ target }) => {
    for (const node of nodes) node.setAttribute('tabindex', node === target ? '0' : '-1')
  })
  frame.addEventListener('keydown', (event) => {
    const here = places.find(({ node }) => node === document.activeElement)
    if (here === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const next = nearest(event.key, here)
    if (next === undefined) return
    event.preventDefault()
    next.node.focus()
    next.node.scrollIntoView({ block: 'nearest' })
  })

  /**
   * @param {string} key
   * @param {{ x: number, y: number }} here
   */
  function nearest(key, { x, y }) {
    const far = (/** @type {{ x: number, y: number }} */ place) => Math.abs(place.x - x) * 1000 + Math.abs(place.y - y)
    /** @type {Record<string, (place: { x: number, y: number }) => boolean>} */
    const isThere = {
      ArrowUp: (place) => place.x === x && place.y < y,
      ArrowDown: (place) => place.x === x && place.y > y,
      ArrowLeft: (place) => place.x < x,
      ArrowRight: (place) => place.x > x,
    }
    const fits = Object.hasOwn(isThere, key) ? isThere[key] : undefined
    if (fits === undefined) return undefined
    return places.filter(fits).sort((a, b) => far(a) - far(b))[0]
  }
}

// @ts-check

/**
 * Has a node that one points at or goes to show what it is connected to.
 *
 * @param {HTMLElement} frame listens
 * @param {SVGSVGElement} picture
 */
export function lightUp(frame, picture) {
  const nodes = [...picture.querySelectorAll('.node')]
  const arrows = [...picture.querySelectorAll('.arrow')]
  /** @param {Element | null} node */
  const show = (node) => {
    picture.classList.toggle('has-lit', node !== null)
    const [from, to] = [node?.getAttribute('data-source'), node?.getAttribute('data-queue')]
    const lit = new Set([node])
    for (const arrow of arrows) {
      const isOwn =
        node !== null && (from ? arrow.getAttribute('data-from') === from : arrow.getAttribute('data-to') === to)
      arrow.classList.toggle('lit', isOwn)
      if (!isOwn) continue
      for (const each of nodes) {
        const other = from
          ? each.getAttribute('data-queue') === arrow.getAttribute('data-to')
          : each.getAttribute('data-source') === arrow.getAttribute('data-from')
        if (other) lit.add(each)
      }
    }
    for (const each of nodes) each.classList.toggle('lit', lit.has(each))
  }
  const nodeOf = (/** @type {Event} */ { target }) => (target instanceof Element ? target.closest('.node') : null)
  frame.addEventListener('pointerover', (event) => show(nodeOf(event)))
  frame.addEventListener('pointerleave', () => show(null))
  frame.addEventListener('focusin', (event) => show(nodeOf(event)))
  frame.addEventListener('focusout', () => show(null))
}

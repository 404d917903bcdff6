// @ts-check

const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]'

/**
 * Replaces what stands in a host. The focus stays where it was: on the same element of the row or part with the same `data-key`, if
 * there is one afterwards.
 *
 * @param {Element} host
 * @param {...Node} nodes
 */
export function swap(host, ...nodes) {
  const place = placeOf(host)
  const open = [...host.querySelectorAll('details[data-key][open]')].map((each) => each.getAttribute('data-key'))
  host.replaceChildren(...nodes)
  for (const details of host.querySelectorAll('details[data-key]')) {
    if (open.includes(details.getAttribute('data-key'))) details.setAttribute('open', '')
  }
  if (place === undefined) return
  const owner = place.key === null ? host : findKey(host, place.key)
  const found = place.index === -1 ? owner : owner?.querySelectorAll(focusable)[place.index]
  if (found instanceof HTMLElement || found instanceof SVGElement) found.focus({ preventScroll: true })
}

/** @param {Element} host */
function placeOf(host) {
  const { activeElement } = document
  if (activeElement === null || !host.contains(activeElement)) return undefined
  const owner = activeElement.closest('[data-key]')
  const inside = owner !== null && host.contains(owner) ? owner : host
  return {
    key: inside === host ? null : inside.getAttribute('data-key'),
    index: [...inside.querySelectorAll(focusable)].indexOf(activeElement),
  }
}

/**
 * @param {Element} host
 * @param {string | null} key
 */
function findKey(host, key) {
  return [...host.querySelectorAll('[data-key]')].find((each) => each.getAttribute('data-key') === key)
}

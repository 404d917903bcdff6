// @ts-check

/** @typedef {Node | string | number | false | null | undefined} Child */
/** @typedef {Record<string, unknown>} Attributes */

const ownPage = /^(#|\/(?!\/))/

/**
 * An HTML element. What it is given as a child is a node or text; nothing here ever reads HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes] `onclick: (event) => …` listens; true is an attribute without a value, false and undefined none
 * @param {...(Child | readonly Child[])} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, attributes = {}, ...children) {
  return dress(document.createElement(name), attributes, children)
}

const svgSpace = 'http://www.w3.org/2000/svg'

/**
 * The same for SVG.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...(Child | readonly Child[])} children
 * @returns {SVGElementTagNameMap[Name]}
 */
export function svg(name, attributes = {}, ...children) {
  return dress(document.createElementNS(svgSpace, name), attributes, children)
}

/**
 * @template {Element} T
 * @param {T} element
 * @param {Attributes} attributes
 * @param {readonly (Child | readonly Child[])[]} children
 * @returns {T}
 */
function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), /** @type {EventListener} */ (value))
    else if (name.startsWith('aria-') && typeof value === 'boolean') element.setAttribute(name, String(value))
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== undefined && value !== null) {
      // A name on the bus must never become a way out of this page.
      if (name === 'href' && !ownPage.test(String(value))) throw new TypeError(`${value} leads away from this page`)
      element.setAttribute(name, String(value))
    }
  }
  element.append(...present(children))
  return element
}

/**
 * @param {readonly (Child | readonly Child[])[]} children
 * @returns {(Node | string)[]}
 */
export function present(children) {
  return /** @type {Child[]} */ (children.flat()).flatMap((child) => {
    if (child === false || child === null || child === undefined) return []
    return [typeof child === 'number' ? String(child) : child]
  })
}

// @ts-check
import { h } from '../dom/element.js'
import { linkTo } from '../route.js'
import { places } from '../views.js'

const nav = /** @type {HTMLElement} */ (document.getElementById('nav'))
const menu = /** @type {HTMLElement} */ (document.getElementById('menu'))

/** @param {boolean} isOpen */
function open(isOpen) {
  menu.setAttribute('aria-expanded', String(isOpen))
  nav.classList.toggle('open', isOpen)
}

menu.addEventListener('click', () => open(menu.getAttribute('aria-expanded') !== 'true'))
nav.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || menu.getAttribute('aria-expanded') !== 'true') return
  open(false)
  menu.focus()
})

/**
 * The views, with the one that is shown marked.
 *
 * @param {string | undefined} shown
 */
export function showNavigation(shown) {
  open(false)
  if (nav.childElementCount === 0) {
    nav.append(
      h(
        'ul',
        {},
        places.map(([place, name]) => h('li', {}, h('a', { href: linkTo([place]), 'data-place': place }, name))),
      ),
    )
  }
  for (const link of nav.querySelectorAll('a')) {
    if (link.dataset.place === shown) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

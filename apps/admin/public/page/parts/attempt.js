// @ts-check
import { problemOf } from '../api/problem.js'
import { problemBox } from './problem-box.js'

/**
 * Does something that a button asks for: the button waits, and what goes wrong stands in `place`.
 *
 * @param {HTMLButtonElement} button
 * @param {Element} place
 * @param {() => Promise<void>} act
 */
export async function attempt(button, place, act) {
  button.disabled = true
  button.setAttribute('aria-busy', 'true')
  try {
    await act()
    place.replaceChildren()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return
    place.replaceChildren(problemBox(problemOf(error)))
    place.scrollIntoView({ block: 'nearest' })
  } finally {
    button.disabled = false
    button.removeAttribute('aria-busy')
  }
}

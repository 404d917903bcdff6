// @ts-check

/**
 * Says something to who hears the page and does not see it.
 *
 * @param {string} sentence
 */
export function announce(sentence) {
  const announcer = document.getElementById('announcer')
  if (announcer !== null && announcer.textContent !== sentence) announcer.textContent = sentence
}

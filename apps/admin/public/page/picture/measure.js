// @ts-check

const canvas = document.createElement('canvas').getContext('2d')

/**
 * A text cut in its middle to what fits.
 *
 * @param {string} text
 * @param {number} width pixels
 * @param {string} font as CSS has it
 */
export function fit(text, width, font) {
  if (canvas === null) return text
  canvas.font = font
  const isWide = (/** @type {string} */ tried) => canvas.measureText(tried).width > width
  if (!isWide(text)) return text
  const letters = [...text]
  let [least, most] = [1, letters.length]
  while (most - least > 1) {
    const kept = (least + most) >> 1
    if (isWide(cut(letters, kept))) most = kept
    else least = kept
  }
  return cut(letters, least)
}

/**
 * @param {readonly string[]} letters
 * @param {number} kept
 */
function cut(letters, kept) {
  const front = Math.ceil(kept * 0.6)
  return `${letters.slice(0, front).join('')}…${letters.slice(letters.length - (kept - front)).join('')}`
}

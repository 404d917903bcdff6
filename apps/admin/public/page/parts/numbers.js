// @ts-check

const whole = new Intl.NumberFormat('en')

/** @param {number} count */
export const countText = (count) => whole.format(count)

const short = new Intl.NumberFormat('en', { notation: 'compact' })

/**
 * `1.8K`, where there is no room.
 *
 * @param {number} count
 */
export const shortCount = (count) => short.format(count)

/**
 * `1 message`, `2,000 messages`
 *
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (count, one, many = `${one}s`) => `${countText(count)} ${count === 1 ? one : many}`

/** @param {number} bytes */
export function bytesText(bytes) {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}

/**
 * A span of time, coarsely: `4 s`, `12 min`, `3 h`, `5 d`.
 *
 * @param {number} ms
 */
export function spanText(ms) {
  const seconds = ms / 1000
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  return seconds < 2 * 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`
}

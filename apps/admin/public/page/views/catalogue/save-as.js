// @ts-check

/**
 * Has the browser save JSON as a file. By a link to the API it would go without the token.
 *
 * @param {string} name
 * @param {unknown} value
 */
export function saveAs(name, value) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

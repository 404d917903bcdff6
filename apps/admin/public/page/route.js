// @ts-check

/*
Where one is on the page stands behind the hash: `#/listeners/billing?search=x`. Names are encoded as in any URL.
*/

/**
 * @param {string} hash
 * @returns {{ path: string[], query: URLSearchParams }}
 */
export function parseRoute(hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const parts = path.split('/').filter((part) => part !== '')
  return { path: parts.map(decode), query: new URLSearchParams(query) }
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/**
 * The link to a place on the page.
 *
 * @param {readonly string[]} path
 * @param {Record<string, string | undefined>} [query] what is empty is left out
 */
export function linkTo(path, query = {}) {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  const text = new URLSearchParams(given).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`
}

/**
 * Keeps what somebody is looking for in the address, without going anywhere.
 *
 * @param {readonly string[]} path
 * @param {Record<string, string | undefined>} query
 */
export function rememberQuery(path, query) {
  history.replaceState(null, '', linkTo(path, query))
}

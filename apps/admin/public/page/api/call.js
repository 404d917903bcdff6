// @ts-check
import { pause } from './pause.js'
import { ApiProblem, readProblem } from './problem.js'
import { readToken } from './token.js'

/** @typedef {(refused: boolean) => Promise<boolean>} AskForToken resolves with whether there is a token to try now */

/** @type {AskForToken} */
let askForToken = async () => false

/** @param {AskForToken} ask what to do when the API wants a token, or another one */
export function onTokenWanted(ask) {
  askForToken = ask
}

/**
 * @typedef {object} CallOptions
 * @property {'GET' | 'POST' | 'DELETE'} [method]
 * @property {Record<string, string | number | undefined>} [query] what is empty is left out
 * @property {unknown} [body] sent as JSON
 * @property {AbortSignal} [signal]
 */

/**
 * Asks the API and gives its answer, parsed. Rejects with an ApiProblem.
 *
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<any>}
 */
export async function call(path, options = {}) {
  const response = await send(path, options)
  return response.json()
}

/**
 * The same, as the response that came; its status is a good one.
 *
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<Response>}
 */
export async function send(path, { method = 'GET', query = {}, body, signal } = {}) {
  const url = new URL(path, location.origin)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  }
  // What changes something is JSON always: the API takes nothing else, because a form of another site can send anything else.
  const json = method === 'GET' ? undefined : JSON.stringify(body ?? {})
  for (let busy = 0; ; ) {
    const token = readToken()
    const headers = {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    }
    const init = { method, headers, ...(json !== undefined && { body: json }), ...(signal && { signal }) }
    const response = await fetch(url, { ...init, redirect: 'error' }).catch((error) => {
      if (signal?.aborted) throw error
      throw new ApiProblem(0, {
        code: 'unreachable',
        message: 'The admin does not answer; is its process still running?',
      })
    })
    if (response.ok) return response
    const waitMs = pauseWantedBy(method, response)
    if (waitMs !== undefined && busy++ < mostBusy) {
      await pause(waitMs, signal)
      continue
    }
    const wantsToken = response.status === 401
    // Somebody else may have given another one meanwhile.
    if (wantsToken && readToken() !== token) continue
    if (wantsToken && (await askForToken(token !== null))) continue
    throw await readProblem(response)
  }
}

/** So often the API may be too busy for one question before that is what the page shows. */
const mostBusy = 5

/**
 * The milliseconds after which the API wants to be asked again. Only what changes nothing is asked again unasked.
 *
 * @param {string} method
 * @param {Response} response
 */
function pauseWantedBy(method, { status, headers }) {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return method === 'GET' && status === 503 && seconds >= 0 ? seconds * 1000 : undefined
}

/**
 * A path of the API with names in it.
 *
 * @param {TemplateStringsArray} texts
 * @param {...string} names
 */
export function at(texts, ...names) {
  return String.raw({ raw: texts }, ...names.map(encodeURIComponent))
}

// @ts-check

/**
 * What the API answers when it does not do what was asked: RFC 9457 with a code of docs/errors.md.
 *
 * @typedef {{ code: string, message: string, path?: string, found?: string, expected?: string, nearest?: readonly string[] }} Problem
 */

export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {Problem} problem
   */
  constructor(status, problem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}

/**
 * Whatever was thrown, as a problem.
 *
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(error) {
  if (error instanceof ApiProblem) return error.problem
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'page-fault', message: `The page itself failed: ${message}` }
}

/**
 * @param {Response} response
 * @returns {Promise<ApiProblem>}
 */
export async function readProblem(response) {
  const body = await response.json().catch(() => undefined)
  if (typeof body?.code !== 'string') {
    const message = `The server answered ${response.status} ${response.statusText} and did not say why`
    return new ApiProblem(response.status, { code: 'unreadable-answer', message })
  }
  const { code, detail, path, found, expected, nearest } = body
  return new ApiProblem(response.status, { code, message: String(detail), path, found, expected, nearest })
}

import type { z } from 'zod'
import { problemBody } from '../http/problem.js'

/** The answers of a route: what it tells, or a problem. */
export function withProblems<T extends z.ZodType>(shape: T) {
  const problem = { content: { 'application/problem+json': { schema: problemBody } }, description: 'What went wrong' }
  return { 200: shape, '4xx': problem, '5xx': problem }
}

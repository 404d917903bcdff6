import { createRequire } from 'node:module'
import { type Json, list, object, text } from './json.js'

// An import of JSON would still print a warning on Node.js 20.
const require = createRequire(import.meta.url)

/** One webhook as GitHub would have posted it. */
export interface Payload {
  /** The X-GitHub-Event header: "issues", "pull_request", … */
  readonly webhook: string
  readonly body: Json
  /** Of the body as JSON text. */
  readonly bytes: number
}

/**
 * All payload examples of @octokit/webhooks-examples for api.github.com, one of each webhook in turn, so that the stream is as mixed as
 * a real one; always in the same order.
 */
export function readPayloads(): readonly Payload[] {
  const webhooks: unknown = require('@octokit/webhooks-examples/api.github.com/index.json')
  const shelves = list(webhooks).map((each) => {
    const webhook = object(each, 'webhook')
    const name = text(webhook, 'name')
    return list(webhook.examples).map((example): Payload => {
      const body = object(example, `example of ${name}`)
      return { webhook: name, body, bytes: Buffer.byteLength(JSON.stringify(body)) }
    })
  })
  const rounds = Math.max(...shelves.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, round) => shelves.flatMap((shelf) => shelf[round] ?? [])).flat()
}

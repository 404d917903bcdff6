import { createRequire } from 'node:module'

// An import of JSON would still print a warning on Node.js 20.
const require = createRequire(import.meta.url)

export type Event = Readonly<Record<string, unknown>> & { readonly kind: string }

interface Webhook {
  readonly name: string
  readonly examples: readonly Readonly<Record<string, unknown>>[]
}

/** The webhook payloads of @octokit/webhooks-examples for api.github.com, parsed, each with its webhook's name as `kind`. */
export function realEvents(): readonly Event[] {
  const webhooks = require('@octokit/webhooks-examples/api.github.com/index.json') as readonly Webhook[]
  return webhooks.flatMap(({ name, examples }) => examples.map((body) => ({ kind: name, ...body })))
}

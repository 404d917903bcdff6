/** The house as a table. A package or an import that is not in it does not belong; to add one, add a row here. */

const drivers = ['transport-memory', 'transport-amqp', 'transport-nats']
const floors: readonly (readonly string[])[] = [
  ['protocol', 'transport'],
  ['matcher', ...drivers, 'transport-testkit'],
  ['registry'],
  ['source', 'listener', 'operator'],
  ['recordcast'],
  ['admin', 'bench'],
  ['demo', 'cli'],
  ['e2e'],
]
const below = (floor: number): readonly string[] => floors.slice(0, floor).flat()
const sdk = ['protocol', 'transport', 'matcher', 'registry']
const app = ['recordcast', 'registry', 'protocol', 'transport']

/** Floor five and above may know HTTP and may be processes. */
export const appFloor = 5

/** Which packages a package's sources may import, by folder name: the complete list. */
export const edges: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  transport: [],
  matcher: ['protocol'],
  'transport-memory': ['transport'],
  'transport-amqp': ['transport'],
  'transport-nats': ['transport'],
  'transport-testkit': ['transport'],
  registry: ['protocol', 'transport'],
  source: sdk,
  listener: sdk,
  operator: sdk,
  recordcast: [...below(3), 'source', 'listener'],
  admin: [...app, 'operator'],
  // While it follows, it opens the admin.
  demo: [...app, 'admin'],
  // It starts the admin as well.
  cli: [...app, 'operator', 'admin'],
  // It measures the rooms by themselves as well, not only the whole.
  bench: [...app, 'matcher', 'source', 'listener'],
  e2e: below(5),
}

/** What a package's tests may import besides: a driver sits the exam, and what needs a bus borrows the embedded one. */
export const testEdges: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(drivers.map((driver) => [driver, ['transport-testkit']])),
  ...Object.fromEntries(['registry', 'source', 'listener'].map((name) => [name, ['transport-memory']])),
  // It is tried on real sources and listeners.
  operator: ['transport-memory', 'source', 'listener'],
}

/** Drivers that need a client library: the door loads them when a URL asks for them, and only then. */
export const loadedOnDemand = ['transport-amqp', 'transport-nats']

/** Which npm packages a package may use; `@scope/*` stands for a scope. A package without a row uses none. */
export const npm: Readonly<Record<string, readonly string[]>> = {
  protocol: ['uuid', 'zod', '@standard-schema/spec'],
  source: ['lru-cache'],
  listener: ['lru-cache'],
  operator: ['zod'],
  admin: [
    ...['fastify', '@fastify/*', 'fastify-type-provider-zod', 'pino', 'prom-client', 'zod', 'amqplib', '@nats-io/*'],
    // Its tests have official tools judge the documents that it makes, and a browser its page.
    ...['@asyncapi/parser', '@seriousme/openapi-schema-validator', 'playwright-core'],
  ],
  recordcast: ['@opentelemetry/api'],
  'transport-amqp': ['amqplib'],
  'transport-nats': ['@nats-io/*'],
  // The clients are installed for the drivers, which the door loads; by `owners` the demo may not import them itself.
  demo: ['@octokit/webhooks-examples', 'zod', 'amqplib', '@nats-io/*'],
  cli: ['commander', 'string-width', 'amqplib', '@nats-io/*'],
  // What it measures us beside; of the brokers' clients also how they do without us.
  bench: ['@octokit/webhooks-examples', 'zod', 'sift', 'rascal', 'moleculer', 'amqplib', '@nats-io/*'],
  e2e: ['zod', 'typescript', 'fast-check', 'amqplib', '@nats-io/*', '@opentelemetry/*', 'prom-client', 'autocannon'],
}

/** Optional peers, named in package.json for whoever installs them; imported only behind doors of their own. */
export const peers: Readonly<Record<string, readonly string[]>> = {
  recordcast: ['amqplib', '@nats-io/*', '@opentelemetry/api'],
}

/** What every package's tests may use. */
export const testNpm = ['vitest', 'fast-check', 'zod']

/** Libraries with one owner: nobody else says their name. */
export const owners: Readonly<Record<string, string>> = {
  amqplib: 'transport-amqp',
  '@nats-io/*': 'transport-nats',
  '@opentelemetry/*': 'recordcast',
}

/** Who may say such names all the same: one looks at brokers with clients that are not ours, and breaks things there; the other measures us beside them. */
export const witnesses = ['e2e', 'bench']

/** Modules that speak HTTP; nothing below `appFloor` imports them. */
export const httpModules = ['http', 'https', 'http2', 'fastify', '@fastify/*', 'undici', 'express', 'ws']

/** @returns the floor of a package by folder name, or undefined for a stranger. */
export function floorOf(name: string): number | undefined {
  const floor = floors.findIndex((names) => names.includes(name))
  return floor === -1 ? undefined : floor
}

/** Whether a list with `@scope/*` entries names an npm package. */
export function lists(list: readonly string[], name: string): boolean {
  return list.some((entry) => entry === name || (entry.endsWith('/*') && name.startsWith(entry.slice(0, -1))))
}

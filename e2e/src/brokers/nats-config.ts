import { join } from 'node:path'

export type NatsAuth = { readonly user: string; readonly pass: string } | { readonly token: string }

export interface NatsSeat {
  readonly name: string
  readonly port: number
  /** For monitoring. */
  readonly http: number
  /** For the other nodes. */
  readonly cluster: number
  readonly folder: string
}

/** What a node is told beyond its seat. */
export interface NatsRules {
  readonly auth?: NatsAuth | undefined
  readonly extraConfig?: string | undefined
  readonly storeBytes?: number | undefined
}

/** Writes one node's configuration. A JSON string is a string of this format as well. */
export function natsConfig(
  seat: NatsSeat,
  seats: readonly NatsSeat[],
  { auth, extraConfig = '', storeBytes }: NatsRules,
): string {
  const store = storeBytes === undefined ? '' : `, max_file_store: ${storeBytes}`
  const local = (port: number): string => JSON.stringify(`127.0.0.1:${port}`)
  const lines = [
    `server_name: ${seat.name}`,
    `listen: ${local(seat.port)}`,
    `http: ${local(seat.http)}`,
    `pid_file: ${JSON.stringify(join(seat.folder, 'pid'))}`,
    `jetstream { store_dir: ${JSON.stringify(join(seat.folder, 'data'))}${store} }`,
  ]
  if (auth !== undefined) {
    const shown =
      'token' in auth
        ? `token: ${JSON.stringify(auth.token)}`
        : `user: ${JSON.stringify(auth.user)}, password: ${JSON.stringify(auth.pass)}`
    lines.push(`authorization { ${shown} }`)
  }
  if (seats.length > 1) {
    const routes = seats.map(({ cluster }) => `nats-route://127.0.0.1:${cluster}`)
    lines.push(
      'cluster {',
      '  name: recordcast',
      `  listen: ${local(seat.cluster)}`,
      `  routes: ${JSON.stringify(routes)}`,
      '  no_advertise: true',
      '}',
    )
  }
  return `${[...lines, extraConfig].join('\n')}\n`
}

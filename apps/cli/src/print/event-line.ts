import { cut, visible } from './text.js'
import { moment, plain } from './words.js'

/** An event as `tail` tells it; with --json exactly this. */
export interface TailedEvent {
  readonly id: string
  readonly type: string
  /** The id of the record. */
  readonly record: string
  readonly time: string
  readonly source: string
  readonly tenant?: string
  readonly user?: string
  /** By expression; sensitive ones masked. */
  readonly data: Readonly<Record<string, unknown>>
  readonly missing: readonly { readonly path: string; readonly code: string; readonly message: string }[]
}

/** An event as it came, with its data as it may be told. */
export function tailed(event: TailedEvent, data: TailedEvent['data']): TailedEvent {
  const { id, type, record, time, source, tenant, user, missing } = event
  return {
    ...{ id, type, record, time, source },
    ...(tenant !== undefined && { tenant }),
    ...(user !== undefined && { user }),
    ...{ data, missing },
  }
}

/** An event in one line, cut to the terminal. */
export function eventLine({ time, type, record, tenant, user, data, missing }: TailedEvent, width: number): string {
  const parts = [
    ...[moment(time), type, record],
    ...(tenant === undefined ? [] : [`tenant=${tenant}`]),
    ...(user === undefined ? [] : [`user=${user}`]),
    ...Object.entries(data).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? JSON.stringify(value) : plain(value)}`,
    ),
    ...missing.map(({ path, code }) => `missing ${path}: ${code}`),
  ]
  return cut(visible(parts.join('  ')), width)
}

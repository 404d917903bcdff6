import type { Account } from '../company/company.js'
import type { Ledger, Seen } from '../ledger.js'
import { columns } from './columns.js'
import { cut, nameWidth, type Out } from './out.js'

/** Some ids are a repository, a ref and a commit; the attributes behind them are what is to be seen. */
const longestId = 24

/** What each listener is for, what came of it, and a few events as it saw them. */
export function printSeen(out: Out, accounts: readonly Account[], ledger: Ledger): void {
  out.heading('What they saw and what they made of it')
  for (const { service, purpose, result } of accounts) {
    const { samples } = ledger.page(service)
    out.line(`  ${out.strong(service)}: ${purpose}`)
    const lines = columns(samples.map(({ type, record, data }) => [type, cut(record, longestId), JSON.stringify(data)]))
    for (const line of lines) out.line(`    ${cut(line, out.width - 4)}`)
    out.line(out.faint(`    -> ${cut(result, out.width - 7)}`))
  }
}

/** One delivery as it comes. */
export function printDelivery(out: Out, service: string, { type, record, data }: Seen): void {
  const text = `${type} ${record} ${JSON.stringify(data)}`
  out.line(`  ${out.strong(service.padEnd(nameWidth))}${cut(text, out.width - nameWidth - 2)}`)
}

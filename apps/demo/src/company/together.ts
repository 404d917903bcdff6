import type { Broker } from 'recordcast'
import type { Ledger } from '../ledger.js'
import type { Company } from './company.js'
import { createPlayer } from './player.js'
import { createReplayer } from './replayer.js'

export interface CompanyOptions {
  readonly broker: Broker
  readonly ledger: Ledger
  /** How many payloads are replayed; default all. */
  readonly payloads?: number
}

/** Everybody in this process, on one connection. */
export function gatherHere({ broker, ledger, ...options }: CompanyOptions): Company {
  return {
    replayer: createReplayer({ broker, expect: ledger.expect, ...options }),
    player: (service) => createPlayer(service, { broker, see: ledger.see }),
    lost: new AbortController().signal,
    close: async () => undefined,
  }
}

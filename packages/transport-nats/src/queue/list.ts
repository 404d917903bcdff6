import type { Party } from '../party.js'
import { readLabel } from './label.js'

/** The durable queues of the namespace, by what their streams say of themselves. */
export function listQueues(party: Party): Promise<readonly string[]> {
  return party.api(async (jsm) => {
    const queues: string[] = []
    for await (const info of jsm.streams.list(party.names.everyQueue)) {
      const label = readLabel(info)
      if (label === undefined || label.owner !== undefined) continue
      if (party.names.stream(label.queue) === info.config.name) queues.push(label.queue)
    }
    return queues
  })
}

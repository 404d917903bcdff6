import { cpuTime } from '../parts/cpu.js'
import type { Rig } from '../side/rig.js'
import { someFacts, type someIssue } from '../workload/issues.js'
import { type Encoded, type EncodeLoad, wanted } from './shapes.js'

/** A document made for each listener, and nothing else. */
export function openStringify({ bodyBytes, events }: EncodeLoad): Rig<Encoded> {
  const facts = someFacts(bodyBytes)
  return {
    async run() {
      let bytes = 0
      const micros = cpuTime(() => {
        for (let index = 0; index < events; index++) {
          const { id, after } = facts[index % facts.length]!
          for (const attributes of wanted) bytes += documentFor(attributes, id, after).length
        }
      })
      return { cpuMicros: micros / events, bytes: bytes / events }
    },
    close: async () => undefined,
  }
}

/** What one listener wants of an issue, as the bytes that a queue takes. */
function documentFor(attributes: readonly string[], subject: string, after: ReturnType<typeof someIssue>): Uint8Array {
  const data: Record<string, unknown> = {}
  for (const name of attributes) data[name] = name === 'author.login' ? after.author.login : after[name as 'title']
  const [type, source, time] = ['issue.changed', 'forge', new Date().toISOString()]
  return Buffer.from(JSON.stringify({ specversion: '1.0', id: subject, source, type, subject, time, data }))
}

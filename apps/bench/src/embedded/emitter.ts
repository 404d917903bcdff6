import { EventEmitter } from 'node:events'
import type { Rig } from '../side/rig.js'
import { someIssue } from '../workload/issues.js'
import { type Figures, type Load, timed } from './load.js'

/** Node's own emitter; every listener gets a JSON copy of the event, so that none can spoil it for another. */
export function openEmitter({ listeners: count, bodyBytes, events }: Load): Rig<Figures> {
  const emitter = new EventEmitter().setMaxListeners(0)
  const issues = Array.from({ length: 1000 }, (_, index) => someIssue(index, bodyBytes))
  let handled = 0
  const handler = ({ data }: { readonly data: { readonly number: number } }): void => {
    if (data.number >= 0) handled++
  }
  for (let index = 0; index < count; index++) {
    emitter.on('issue.changed', (event) => handler(JSON.parse(JSON.stringify(event))))
  }
  return {
    run: () =>
      timed(events * count, () => {
        handled = 0
        for (let index = 0; index < events; index++) {
          const data = issues[index % issues.length]
          const time = new Date().toISOString()
          emitter.emit('issue.changed', {
            id: `event-${index}`,
            type: 'issue.changed',
            record: `issue-${index}`,
            time,
            data,
          })
        }
        if (handled !== events * count) throw new Error(`${handled} of ${events * count} were handled`)
      }),
    close: async () => void emitter.removeAllListeners(),
  }
}

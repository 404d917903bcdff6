import { createListener, createSource } from 'recordcast'
import { openQuietBus } from '../embedded/quiet-bus.js'
import type { Measure, Part, PartOptions } from '../measure.js'
import { issue, issueAttributes, someIssue } from '../workload/issues.js'
import { cpuTime, cpuTimeUntil } from './cpu.js'

/** From an event to the bodies that 50 listeners get, in five shapes, beside a document made for each of them. */
export const encode: Part = {
  name: 'encode',
  what: 'an event for 50 listeners in 5 shapes, beside JSON.stringify a listener',
  async *measures(options) {
    for (const bytes of [400, 3000]) yield await shapes(bytes, options)
  },
}

/** All have the text, which is most of an event. */
const five: readonly (readonly string[])[] = [
  issueAttributes,
  ['title', 'text'],
  ['number', 'title', 'state', 'text'],
  ['title', 'author.login', 'text'],
  ['state', 'labels', 'text'],
]

async function shapes(bytes: number, { quick }: PartOptions): Promise<Measure> {
  const events = quick ? 500 : 10_000
  const { broker, published } = await openQuietBus()
  const source = createSource({ service: 'forge', broker, records: [{ type: issue }] })
  await source.start()
  const wanted = Array.from({ length: 50 }, (_, index) => five[index % five.length]!)
  const listeners = wanted.map((attributes, index) =>
    createListener({ service: `listener-${index}`, broker }).on(issue.changed, { attributes }, () => undefined),
  )
  await Promise.all(listeners.map((listener) => listener.start()))
  const facts = Array.from({ length: 1000 }, (_, index) => ({ id: `issue-${index}`, after: someIssue(index, bytes) }))
  let ours = 0
  let theirs = 0
  return {
    name: `project + encode, 50 listeners in 5 shapes, ${bytes} B`,
    against: 'JSON.stringify a listener',
    unit: 'µs of CPU/event',
    better: 'lower',
    bars: [{ of: 'ratio', atLeast: 8 }],
    ours: async () => {
      const before = published.bytes
      const micros = await cpuTimeUntil(async () => {
        for (let index = 0; index < events; index++) await source.emit(issue.changed, facts[index % facts.length]!)
      })
      ours = (published.bytes - before) / events
      return micros / events
    },
    theirs: () => {
      let encoded = 0
      const micros = cpuTime(() => {
        for (let index = 0; index < events; index++) {
          const { id, after } = facts[index % facts.length]!
          for (const attributes of wanted) encoded += documentFor(attributes, id, after).length
        }
      })
      theirs = encoded / events
      return micros / events
    },
    end: async () => {
      await Promise.all(listeners.map((listener) => listener.unsubscribe()))
      await source.stop()
      await broker.close()
    },
    also: () => ({ 'bytes encoded an event': ours, 'of theirs': theirs }),
  }
}

/** What one listener wants of an issue, as the bytes that a queue takes. */
function documentFor(attributes: readonly string[], subject: string, after: ReturnType<typeof someIssue>): Uint8Array {
  const data: Record<string, unknown> = {}
  for (const name of attributes) data[name] = name === 'author.login' ? after.author.login : after[name as 'title']
  const [type, source, time] = ['issue.changed', 'forge', new Date().toISOString()]
  return Buffer.from(JSON.stringify({ specversion: '1.0', id: subject, source, type, subject, time, data }))
}

import { digestOf } from '@recordcast/protocol/language'
import { eventContentType } from '@recordcast/protocol/wire'
import { byQueue } from '../board/by-queue.js'
import { recordOfEvent, recordsOf } from '../board/records.js'
import type { Context } from '../parts/context.js'
import { inSlices } from '../parts/in-slices.js'
import { schemaAt } from './schema-in-document.js'

type Part = Record<string, unknown>

const ref = (pointer: string) => ({ $ref: pointer })

/** A name as the document's keys may be; one that had to be changed ends in a digest of what it was. */
function keyOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_')
  return plain === name ? name : `${plain}-${digestOf([name]).slice(0, 8)}`
}

/**
 * The bus as an AsyncAPI 3.0 document: a channel an event type, a send operation for each source that owns it, a receive operation for each listener's subscription to it
 * (`x-recordcast` says what it asks for).
 */
export async function describeBus({ registry, broker }: Context): Promise<Part> {
  const snapshot = registry.snapshot()
  const { announced } = recordsOf(snapshot)
  const channels: Part = {}
  const operations: Part = {}
  const schemas: Part = { envelope }
  const messages: Part = {}
  for (const [record, all] of announced) {
    const schema = all.at(-1)?.record.schema
    if (schema !== undefined)
      schemas[`record-${keyOf(record)}`] = schemaAt(schema, `#/components/schemas/record-${keyOf(record)}`)
  }
  const channelOf = (event: string): string => {
    const key = keyOf(event)
    if (channels[key] === undefined) {
      messages[key] = messageOf(event, schemas)
      channels[key] = { address: event, title: event, messages: { event: ref(`#/components/messages/${key}`) } }
    }
    return key
  }
  for (const [record, all] of announced) {
    for (const { fact, record: own } of all) {
      for (const kind of ['created', 'changed', 'deleted', ...(own.events ?? [])]) {
        const channel = channelOf(`${record}.${kind}`)
        operations[`send.${keyOf(fact.service)}.${channel}`] = operation('send', channel, {
          title: `${fact.service} emits ${record}.${kind}`,
        })
      }
    }
  }
  await inSlices(broker.clock, byQueue(snapshot), ([queue, sets]) => {
    for (const { listener, service, subscriptions } of sets) {
      for (const { event, attributes, filter, when, tenants } of subscriptions) {
        const channel = channelOf(event)
        operations[`receive.${keyOf(queue)}.${channel}`] = operation('receive', channel, {
          title: `${listener} listens to ${event}`,
          'x-recordcast': { service, queue, attributes, tenants, ...(filter && { filter }), ...(when && { when }) },
        })
      }
    }
  })
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Recordcast: ${broker.namespace}`,
      version: '1.0.0',
      description: 'Sources and listeners as they announced themselves on the boards.',
    },
    defaultContentType: eventContentType,
    channels,
    operations,
    components: { messages, schemas },
  }
}

function operation(action: 'send' | 'receive', channel: string, more: Part): Part {
  const at = `#/channels/${channel}`
  return { action, channel: ref(at), messages: [ref(`${at}/messages/event`)], ...more }
}

function messageOf(event: string, schemas: Part): Part {
  const record = `record-${keyOf(recordOfEvent(event))}`
  return {
    name: event,
    title: event,
    contentType: eventContentType,
    payload: ref('#/components/schemas/envelope'),
    ...(schemas[record] !== undefined && { 'x-record': ref(`#/components/schemas/${record}`) }),
  }
}

const text = { type: 'string' }

/** A CloudEvents 1.0 document as it lies in a queue; what `data` holds is up to the listener's attributes. */
const envelope = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
  properties: {
    specversion: { const: '1.0' },
    ...{ id: text, source: text, type: text, subject: text, time: { type: 'string', format: 'date-time' } },
    ...{ datacontenttype: text, tenantid: text, userid: text, projection: text, missing: text, traceparent: text },
    data: { type: 'object', description: 'Canonical attribute path to value', additionalProperties: true },
  },
}

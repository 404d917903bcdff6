import { mask, maskData, sensitivityOfRecord } from '@recordcast/protocol/masking'
import type { JsonObject } from '@recordcast/protocol/names'
import { openRegistry } from '@recordcast/registry'
import type { Command } from 'commander'
import { type Broker, createListener, type EventType } from 'recordcast'
import type { Call } from '../call/call.js'
import { numberFrom, several } from '../call/globals.js'
import { openEventType } from '../call/open-record.js'
import { jsonObject } from '../call/read-json.js'
import { aborted, settledWithin } from '../call/settled.js'
import { eventLine, tailed } from '../print/event-line.js'
import { jsonText } from '../print/json.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly where?: string
  readonly changed?: boolean
  readonly tenant?: readonly string[]
  readonly count?: number
}

export function defineTail(program: Command, run: Runner): void {
  program
    .command('tail')
    .summary('live events of a type, with the attributes that you name')
    .description(
      `Subscribes to an event type as a listener of its own, prints each event as it comes, and unsubscribes at Ctrl-C: its queue is then gone. Nobody
else gets less for it. Attributes that a record type calls sensitive are masked. With --json one line an event.`,
    )
    .argument('<type>', 'an event type, such as issue.changed')
    .argument(
      '[attributes...]',
      'attribute expressions, such as title author.login; none: only what happened to which record',
    )
    .option('--where <json>', 'only events that this filter lets through')
    .option('--changed', 'only changed events in which one of the attributes differs')
    .option('--tenant <name>', 'only events of a tenant; may be given several times', several)
    .option('--count <n>', 'end after so many events', numberFrom(1, Number.MAX_SAFE_INTEGER, true))
    .addHelpText(
      'after',
      examples(
        'tail issue.changed title author.login',
        `tail issue.changed title --where '{"state":["closed"]}' --json`,
        'tail push.created --count 1',
      ),
    )
    .action(run<Options, [string, string[]]>(tail))
}

/** How long unsubscribing may take when the broker is away: the queue of an instance then goes by itself. */
const graceMs = 5000

async function tail(call: Call<Options>, name: string, attributes: string[]): Promise<void> {
  const type = openEventType(name)
  const { where, changed, tenant, count } = call.options
  const subscription = {
    attributes: attributes.length > 0 ? attributes : ['$event.id'],
    ...(where !== undefined && { where: jsonObject(where, '--where') }),
    ...(changed && { when: 'selected-changed' as const }),
    ...(tenant !== undefined && { tenants: tenant }),
  }
  // From then on a link that is lost is worth a word: silence would say that nothing happens.
  let listening = false
  await call.withBroker(
    async (broker) => {
      const { maskOf, stop } = await call.within('Reading the boards', (signal) => openMask(broker, type, signal))
      const enough = new AbortController()
      let printed = 0
      const listener = createListener({
        ...{ service: 'recordcast-cli', name: 'tail', broker, delivery: 'each', concurrency: 1, missing: 'allow' },
      })
      listener.on(type, subscription, async (event) => {
        if (count !== undefined && printed >= count) return
        printed++
        const told = tailed(event, attributes.length > 0 ? maskOf(event.data as JsonObject) : {})
        await call.terminal.print(call.options.json ? jsonText(told, 0) : `${eventLine(told, call.terminal.width)}\n`)
        if (printed === count) enough.abort()
      })
      try {
        const answers = await call.within('Subscribing', () => listener.start())
        listening = true
        const takers = answers.filter(({ verdicts }) => verdicts.some(({ verdict }) => verdict === 'accepted'))
        call.note(
          takers.length > 0
            ? `Listening to ${name} of ${[...new Set(takers.map(({ service }) => service))].join(', ')}; Ctrl-C ends it.`
            : `Listening to ${name}, which no source that answers owns so far; Ctrl-C ends it.`,
        )
        await aborted(AbortSignal.any([call.terminal.interrupted, enough.signal]))
      } finally {
        await settledWithin(graceMs, Promise.all([listener.stop(), stop()]))
      }
    },
    () => (listening ? 'warnings' : 'none'),
  )
}

/** Masks what the sources on the board call sensitive at the moment; everything while none of them knows the record type. */
async function openMask({ transport, clock }: Broker, { record }: EventType, signal: AbortSignal) {
  const registry = await openRegistry({ transport, clock, signal, keepListener: () => false })
  return {
    stop: () => registry.stop(),
    maskOf(data: JsonObject): JsonObject {
      const known = [...registry.snapshot().sources.values()].flatMap(({ records }) => records)
      if (known.some(({ name }) => name === record.name)) return maskData(data, sensitivityOfRecord(record.name, known))
      return Object.fromEntries(Object.keys(data).map((key) => [key, mask]))
    },
  }
}

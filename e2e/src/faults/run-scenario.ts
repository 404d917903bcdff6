import { startNats } from '../brokers/nats.js'
import { startRabbit } from '../brokers/rabbit.js'
import { waitUntil } from '../brokers/wait-until.js'
import type { BrokerName, Outcome, PrivateBroker, Room, Scenario } from './scenario.js'

export interface Ran {
  readonly scenario: Scenario
  readonly broker: BrokerName
  readonly outcome: Outcome
  readonly tookMs: number
  /** Largest resident set of this process while it ran, in MiB. */
  readonly peakMemoryMb: number
}

const megabyte = 1024 * 1024
const shared = new Map<BrokerName, Promise<Own>>()
let runs = 0

/** Ends the brokers that scenarios have shared. */
export async function stopShared(): Promise<void> {
  const started = [...shared.values()]
  shared.clear()
  await Promise.all(started.map(async (broker) => (await broker).stop()))
}

/** Runs one scenario on one broker, undoes everything, and throws if it lost anything. */
export async function runScenario(
  scenario: Scenario,
  broker: BrokerName,
  size: Room['size'],
  note: (text: string) => void = () => undefined,
): Promise<Ran> {
  const undo: (() => Promise<unknown>)[] = []
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 100)
  const began = Date.now()
  try {
    const room: Room = {
      broker,
      size,
      note,
      namespace: `run${++runs}-${scenario.number}`,
      sharedBroker() {
        const standing = shared.get(broker) ?? (broker === 'amqp' ? ownRabbit({}) : ownNats({}))
        shared.set(broker, standing)
        return standing
      },
      ends: (step) => void undo.push(step),
      startBroker: async (options = {}) => {
        const started = broker === 'amqp' ? await ownRabbit(options) : await ownNats(options)
        undo.push(started.stop)
        return started
      },
    }
    const outcome = await scenario.run(room)
    if (outcome.lost !== 0) throw new Error(`${scenario.number} on ${broker}: ${outcome.lost} events were lost`)
    return { scenario, broker, outcome, tookMs: Date.now() - began, peakMemoryMb: Math.round(peak / megabyte) }
  } finally {
    clearInterval(look)
    for (const step of undo.reverse()) await step()
  }
}

type Own = PrivateBroker & { stop(): Promise<void> }
type Options = NonNullable<Parameters<Room['startBroker']>[0]>

async function ownRabbit({ nodes = 1, config = {}, advanced = {} }: Options): Promise<Own> {
  const rabbit = await startRabbit({ nodes, config, advanced })
  return {
    ...rabbit,
    leader: (queue) => waitUntil(() => rabbit.leaderOf(queue), { what: `a leader of ${queue}`, timeoutMs: 30_000 }),
  }
}

async function ownNats({ nodes = 1, config = {}, storeBytes }: Options): Promise<Own> {
  const extraConfig = Object.entries(config).map(([name, value]) => `${name}: ${value}`)
  const store = storeBytes === undefined ? {} : { storeBytes }
  const nats = await startNats({ nodes, extraConfig: extraConfig.join('\n'), ...store })
  return {
    ...nats,
    leader: (queue) => waitUntil(() => nats.leaderOf(queue), { what: `a leader of ${queue}`, timeoutMs: 30_000 }),
    ctl: () => Promise.reject(new Error('nats-server has no rabbitmqctl')),
  }
}

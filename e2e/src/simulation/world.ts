import type { Transport } from '@recordcast/transport'
import { createMemoryBus, createMemoryTransport, type MemoryBus } from '@recordcast/transport-memory'
import type { Broker, Logger } from 'recordcast'
import { type ProcessClock, VirtualClock } from './clock.js'
import { add, type Counter, type Counters } from './counters.js'
import { linkTo, type Tap } from './link.js'
import type { Emit } from './model.js'
import type { Handling, ListenerProcess, QueueSpec, SourceProcess } from './parties.js'
import { createDice, type Dice } from './random.js'
import { createStore, type Store } from './store.js'
import { noteLog, watched } from './watching.js'
import { exposeTo, fair, type Weather } from './weather.js'

/** One process of the simulated world: its own clock, its own link to the bus. It can be killed alone. */
export interface Process {
  readonly id: string
  readonly clock: ProcessClock
  readonly transport: Transport
  readonly broker: Broker
  readonly dice: Dice
  dead: boolean
  /** Kills it at the so-manieth crash point from now on. */
  doomedIn: number | undefined
  /** Told when it is killed. */
  onKilled: () => void
}

/** Ways to spoil the product on purpose, so that a test can see the checks fail. */
export interface Sabotage {
  readonly transport?: (inner: Transport) => Transport
  readonly handlerData?: (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

export interface World {
  readonly clock: VirtualClock
  readonly dice: Dice
  readonly bus: MemoryBus
  readonly store: Store
  readonly weather: Weather
  readonly counters: Counters
  readonly trace: string[]
  readonly violations: string[]
  readonly sabotage: Sabotage
  readonly sources: SourceProcess[]
  readonly listeners: ListenerProcess[]
  readonly queues: QueueSpec[]
  readonly emits: Emit[]
  readonly handlings: Handling[]
  /** What processes asked sources for after the fact: `process/event` to the attributes; '$filter' for a filter. */
  readonly asked: Map<string, Set<string>>
  /** Attempts that failed for want of an attribute, by `listener/event`. */
  readonly lacked: Set<string>
  /** Messages that came, and those that came more than once, by `queue/event`. */
  readonly came: Set<string>
  readonly disturbed: Set<string>
  /** Who saw to what, outside the parties; never killed. */
  readonly admin: Process
  /** From here on handlers that always fail may be mended. */
  mended: boolean
  /** Counts the times that the boards were emptied, once at its beginning and once at its end. */
  wipes: number
  /** All links break at the so-manieth crash point from now on. */
  breaksIn: number | undefined
  count(counter: Counter, by?: number): void
  note(text: string): void
  violate(text: string): void
  spawn(name: string, tap?: Tap): Process
  kill(process: Process): void
}

export function createWorld(seed: number, sabotage: Sabotage): World {
  const dice = createDice(seed)
  const clock = new VirtualClock()
  const counters: Counters = new Map()
  const weather: Weather = { ...fair }
  const busDice = dice.fork('bus')
  const bus = createMemoryBus({ clock: clock.process(), random: busDice.roll })
  exposeTo(weather, bus, dice.fork('weather'), counters)
  const slowLinks = dice.chance(0.5)
  const processes = new Map<Transport, Process>()
  let spawned = 0
  const note = (text: string): void => void world.trace.push(`${String(clock.now() - began).padStart(6)} ${text}`)

  const spawn = (name: string, tap: Tap = {}): Process => {
    const id = `${name}#${++spawned}`
    const own = clock.process()
    const ownDice = dice.fork(id)
    const inner = createMemoryTransport({ bus, namespace: 'sim', clock: own })
    const latency = (): number => (slowLinks && name !== 'admin' ? Math.floor(ownDice.roll() ** 3 * 60) : 0)
    const spoilt = sabotage.transport?.(inner) ?? inner
    const transport = linkTo(spoilt, own, latency, watched(world, tap, id))
    const logger: Logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: (details, message) => noteLog(world, id, 'warn', details, message),
      error: (details, message) => noteLog(world, id, 'error', details, message),
    }
    const broker = {
      transport,
      namespace: 'sim',
      logger,
      clock: own,
      random: ownDice.roll,
      close: () => transport.close(),
    }
    const process: Process = {
      id,
      clock: own,
      transport,
      broker,
      dice: ownDice,
      dead: false,
      doomedIn: undefined,
      onKilled: () => undefined,
    }
    processes.set(inner, process)
    inners.set(process, inner)
    return process
  }
  const inners = new Map<Process, Transport>()

  const world: World = {
    clock,
    dice,
    bus,
    store: createStore(clock.now, dice.fork('store')),
    weather,
    counters,
    trace: [],
    violations: [],
    sabotage,
    sources: [],
    listeners: [],
    queues: [],
    emits: [],
    handlings: [],
    asked: new Map(),
    lacked: new Set(),
    came: new Set(),
    disturbed: new Set(),
    get admin() {
      return admin
    },
    mended: false,
    wipes: 0,
    breaksIn: undefined,
    count: (counter, by) => add(counters, counter, by),
    note,
    violate(text) {
      world.violations.push(text)
      note(`VIOLATION ${text}`)
    },
    spawn,
    kill(process) {
      if (process.dead) return
      process.dead = true
      note(`${process.id} is killed`)
      process.clock.kill()
      process.onKilled()
      bus.kill(inners.get(process) as Transport)
    },
  }
  const began = clock.now()
  bus.faults.crashPoint = ({ transport, verb, when }) => {
    if (world.breaksIn !== undefined && world.breaksIn-- === 0) {
      world.breaksIn = undefined
      admin.clock.defer(() => {
        note('the bus restarts between two awaits')
        world.count('bus restarted')
        bus.restart()
      })
    }
    const process = processes.get(transport)
    if (process?.doomedIn === undefined || process.dead || process.doomedIn-- > 0) return
    note(`${process.id} dies ${when} ${verb}`)
    world.kill(process)
  }
  const admin = spawn('admin')
  return world
}

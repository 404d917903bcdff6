import { randomUUID } from 'node:crypto'
import type { Transport } from '@recordcast/transport'

/** What a driver brings to the exam. */
export interface Harness {
  /** A fresh, connected transport; all of one sitting share a broker and a namespace. The exam closes it. */
  open(): Promise<Transport>
  /** The same in another namespace of the same broker. */
  openApart?(): Promise<Transport>
  /** Ends the transport as the death of its process would, without a word to the broker. */
  kill?(transport: Transport): Promise<void>
  /** How long a condition may take to come true, in milliseconds. Default 15,000. */
  readonly patienceMs?: number
}

/** What a case works with. Names are its own, so cases may run at the same time and on a broker in use. */
export interface Room {
  open(): Promise<Transport>
  openApart(): Promise<Transport>
  kill(transport: Transport): Promise<void>
  /** A name that nobody else uses. Queues of that name are dropped after the case. */
  name(): string
  /** Something to wait for; opened after the case at the latest, so that nothing hangs on it. */
  gate(): Gate
  /** Waits until the condition holds; fails, saying `what`, when it does not within the harness's patience. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>
  /** Only to show that something does not happen. */
  quiet(ms: number): Promise<void>
}

export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

const lookEveryMs = 5

/** Runs one case in a room of its own and tidies up: opens the gates, drops the queues, closes every transport. */
export async function inRoom(harness: Harness, run: (room: Room) => Promise<void>): Promise<void> {
  const transports = new Set<Transport>()
  const names: string[] = []
  const gates: Gate[] = []
  const patienceMs = harness.patienceMs ?? 15_000

  async function opened(open: (() => Promise<Transport>) | undefined): Promise<Transport> {
    if (open === undefined) throw new Error('The harness cannot do that; the case should have said what it needs.')
    const transport = await open.call(harness)
    transports.add(transport)
    return transport
  }
  const room: Room = {
    open: () => opened(harness.open),
    openApart: () => opened(harness.openApart),
    async kill(transport) {
      transports.delete(transport)
      await harness.kill?.(transport)
    },
    name() {
      const name = `exam-${randomUUID().slice(0, 13)}`
      names.push(name)
      return name
    },
    gate() {
      const gate = createGate()
      gates.push(gate)
      return gate
    },
    async until(what, condition) {
      const deadline = performance.now() + patienceMs
      while (!(await condition())) {
        if (performance.now() > deadline) throw new Error(`Waited ${patienceMs} ms in vain until ${what}.`)
        await pause(lookEveryMs)
      }
    },
    quiet: pause,
  }

  try {
    await run(room)
  } finally {
    for (const gate of gates) gate.open()
    await within(patienceMs, Promise.all([...transports].map((transport) => transport.close())))
    if (names.length > 0) await within(patienceMs, tidy(harness, names))
  }
}

async function tidy(harness: Harness, names: readonly string[]): Promise<void> {
  const transport = await harness.open()
  for (const name of names) await transport.drop(name)
  await transport.close()
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Closing up after the case took longer than ${ms} ms.`)), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function createGate(): Gate {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fork, type Program, type Report } from '../brokers/process.js'
import type { ListenerSettings } from './programs/listener.js'
import type { MeteredSettings } from './programs/metered.js'
import type { SourceSettings } from './programs/source.js'
import type { SuffererSettings } from './programs/sufferer.js'
import type { WorkerSettings } from './programs/worker.js'
import type { Room } from './scenario.js'

interface Programs {
  readonly listener: ListenerSettings
  readonly metered: MeteredSettings
  readonly source: SourceSettings
  readonly sufferer: SuffererSettings
  readonly worker: WorkerSettings
}

/** Starts one of the programs beside this file in a process of its own, which ends with the scenario. Resolves when it is ready. */
export async function runProgram<K extends keyof Programs>(
  room: Room,
  name: K,
  settings: Omit<Programs[K], 'namespace'>,
): Promise<Program> {
  // Programs run as they were built, also for tests that run from the sources.
  const path = fileURLToPath(new URL(`programs/${name}.js`, import.meta.url))
  const built = path.replace(`${sep}src${sep}faults${sep}`, `${sep}dist${sep}faults${sep}`)
  const program = fork(built, [JSON.stringify({ namespace: room.namespace, ...settings })])
  room.ends(program.stop)
  await program.next(({ ready }) => ready === true, { timeoutMs: 60_000 })
  return program
}

/** Hears the ids of the events that had their effect in a program, from its first on. */
export function onEffect(program: Program, hear: (id: string) => void): void {
  const listen = ({ effect }: Report): void => {
    if (typeof effect === 'string') hear(effect)
  }
  for (const report of program.reports) listen(report)
  program.onReport(listen)
}

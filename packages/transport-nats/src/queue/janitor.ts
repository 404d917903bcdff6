import { baseOf } from '../names.js'
import type { Party } from '../party.js'
import { isAlive } from './declare.js'
import { deleteStream } from './drop.js'
import { readLabel } from './label.js'
import { readStream } from './stream.js'

/*
A stream does not die with a process. Every transport of a namespace looks now and then through the instance queues, which
have a subject of their own kind for that, and asks after their owners. An owner at whose address nobody stands for the
whole time of grace is dead, and its queues and shelves go; one that is merely reconnecting is back within it.
What it remembers is one entry an owner that is missing.
*/
export class Janitor {
  readonly #party: Party
  readonly #missing = new Map<string, number>()
  #callOff = (): void => {}
  #over = false

  constructor(party: Party) {
    this.#party = party
  }

  start(): void {
    const { clock, instanceGraceMs } = this.#party.settings
    if (this.#over) return
    void this.#sweep()
      .catch(() => {})
      .then(() => {
        if (this.#over) return
        this.#callOff = clock.after((instanceGraceMs / 3) * (0.75 + Math.random() / 2), () => this.start())
      })
  }

  stop(): void {
    this.#over = true
    this.#callOff()
  }

  async #sweep(): Promise<void> {
    const party = this.#party
    const owners = new Map<string, string[]>()
    for (const stream of await this.#marked()) {
      const info = await readStream(party, stream)
      const owner = info && readLabel(info)?.owner
      if (owner !== undefined && owner !== party.id) owners.set(owner, [...(owners.get(owner) ?? []), stream])
    }
    for (const owner of [...this.#missing.keys()]) if (!owners.has(owner)) this.#missing.delete(owner)
    for (const [owner, streams] of owners) {
      if (await isAlive(party, owner)) this.#missing.delete(owner)
      else await this.#bury(owner, streams)
    }
  }

  async #bury(owner: string, streams: readonly string[]): Promise<void> {
    const party = this.#party
    const { clock, instanceGraceMs } = party.settings
    const since = this.#missing.get(owner) ?? clock.now()
    this.#missing.set(owner, since)
    if (clock.now() - since < instanceGraceMs || this.#over) return
    for (const stream of streams) {
      const info = await readStream(party, stream)
      const label = info && readLabel(info)
      // Somebody may have taken the queue over meanwhile.
      if (label?.owner === owner && !party.instances.has(baseOf(label.queue))) await deleteStream(party, stream)
    }
    this.#missing.delete(owner)
  }

  #marked(): Promise<string[]> {
    return this.#party.api(async (jsm) => {
      const streams: string[] = []
      for await (const name of jsm.streams.names(this.#party.names.everyMark)) streams.push(name)
      return streams
    })
  }
}

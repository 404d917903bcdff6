import { shelfOf, TransportError } from '@recordcast/transport'
import { Board } from './board.js'
import type { Ground } from './ground.js'
import type { Party } from './party.js'
import { Queue } from './queue/queue.js'
import type { Responder } from './requests.js'

const shelfSuffix = shelfOf('')

/** All that stands under one namespace of a bus. */
export class Space {
  readonly queues = new Map<string, Queue>()
  readonly boards = new Map<string, Board>()
  readonly responders = new Map<string, Responder[]>()
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  /** The queue of that name, made if it is absent. Throws invalid-argument when it exists and is another's or of another lifetime. */
  declare(name: string, lifetime: 'durable' | 'instance', party: Party): Queue {
    const owner = lifetime === 'instance' ? party : undefined
    const there = this.queues.get(name)
    if (there === undefined) {
      const queue = new Queue(this.#ground, name, owner)
      this.queues.set(name, queue)
      owner?.instances.add(queue)
      return queue
    }
    if (there.owner === owner) return there
    const is =
      there.owner === undefined
        ? 'a durable one'
        : `an 'instance' queue of ${there.owner === party ? 'its own' : 'another transport'}`
    throw new TransportError(
      'invalid-argument',
      `The queue ${name} exists as ${is}; it cannot be declared as '${lifetime}' here.`,
    )
  }

  /** The shelf on which messages of the queue are parked; a shelf is its own. */
  shelf(queue: Queue): Queue {
    if (isShelf(queue.name)) return queue
    const name = shelfOf(queue.name)
    const there = this.queues.get(name)
    if (there !== undefined) return there
    const shelf = new Queue(this.#ground, name, undefined)
    this.queues.set(name, shelf)
    return shelf
  }

  /** Deletes a queue, its shelf and all in both. Consumers that are left over make it again. */
  drop(name: string): void {
    for (const each of [name, shelfOf(name)]) {
      const queue = this.queues.get(each)
      if (queue === undefined) continue
      this.queues.delete(each)
      queue.owner?.instances.delete(queue)
      this.#ground.orphan(queue)
    }
  }

  durable(): string[] {
    return [...this.queues.values()]
      .filter(({ owner, name }) => owner === undefined && !isShelf(name))
      .map(({ name }) => name)
  }

  board(name: string): Board {
    const there = this.boards.get(name)
    if (there !== undefined) return there
    const board = new Board(this.#ground, name)
    this.boards.set(name, board)
    return board
  }

  /** Forgets a board on which nothing stands and that nobody watches. */
  tidy(board: Board): void {
    if (board.empty) this.boards.delete(board.name)
  }
}

export function isShelf(name: string): boolean {
  return name.endsWith(shelfSuffix)
}

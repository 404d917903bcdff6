import type { Ground } from '../ground.js'
import { Board } from './board.js'

/** The boards that a transport reads, each once, however many watch it or announce on it. */
export class Boards {
  readonly #ground: Ground
  readonly #boards = new Map<string, Board>()

  constructor(ground: Ground) {
    this.#ground = ground
  }

  on(name: string): Board {
    const there = this.#boards.get(name)
    if (there !== undefined) return there
    const board = new Board(this.#ground, name)
    this.#boards.set(name, board)
    return board
  }

  async close(): Promise<void> {
    await Promise.all([...this.#boards.values()].map((board) => board.close()))
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Figures, Order, SideSpec } from './spec.js'

/*
A side in a process of its own, opened when it is first told something. Nobody runs both libraries in one process, and where the sides share
one, what one leaves behind (functions that have seen objects of many shapes, a heap) costs the other: ours took twice the CPU for 3 KB copies.
*/
export class RemoteSide {
  readonly #spec: SideSpec
  readonly #program: URL
  #opened: Promise<ChildProcess> | undefined

  /** @param program the benchmark's main program, as it was built */
  constructor(spec: SideSpec, program = new URL('../main.js', import.meta.url)) {
    this.#spec = spec
    this.#program = program
  }

  /** @throws Error with what the side said when it failed, or that it has ended */
  async tell(order: Order): Promise<Figures> {
    this.#opened ??= this.#open()
    const child = await this.#opened
    const answered = answerOf(child)
    child.send(order)
    return answered
  }

  /** One that has ended, or was never opened, has nothing to close. */
  async close(): Promise<void> {
    const child = await this.#opened?.catch(() => undefined)
    try {
      if (child?.connected) await this.tell({ run: 'close' })
    } finally {
      this.#opened = undefined
      if (child?.connected) child.disconnect()
      child?.kill()
    }
  }

  async #open(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(this.#program), ['--side', JSON.stringify(this.#spec)])
    try {
      await answerOf(child)
      return child
    } catch (error) {
      child.kill()
      throw error
    }
  }
}

async function answerOf(child: ChildProcess): Promise<Figures> {
  const over = new AbortController()
  const { signal } = over
  try {
    const ended = once(child, 'exit', { signal }).then((): never => {
      throw new Error('The process of one side has ended')
    })
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Answer]
    if ('failure' in answer) throw new Error(answer.failure)
    return answer.figures
  } finally {
    over.abort()
  }
}

import type { Running } from '@recordcast/transport'
import type { Settings } from './check-options.js'
import type { Corridor } from './deliver.js'
import { toFailure } from './failure.js'
import type { Registry } from './neighbours.js'

/*
Whether this instance takes events from its queue.

  taking <--> paused        either --end--> over

  taking   a consumer stands and the corridor is open. When a pause of the queue appears on the board, the corridor closes and gives back what waits, uncounted; the
           consumer takes nothing new and has ended when what runs has its verdict. Handlers are not hurried: `timeoutMs` bounds them.
  paused   nobody consumes here. When the pause has gone, the corridor opens and a consumer is made; if that fails, it is tried again each second for as long as no pause stands.
  over     a consumer that stands is ended, one that is being made is ended when it is there, and handlers that outlast `stopTimeoutMs` are given up.

A pause is a wish on the board, and wishes may change faster than consumers come and go. So one move is made at a time, from one state right to the other, and where it
ends the board is looked at again: of a pause and a resume that come during a move nothing is left to do.

A listener that starts while its queue is paused begins as paused.
*/
export interface Taking {
  /** From the moment a pause is seen until events are taken again. */
  readonly paused: boolean
  /** Takes events, unless the queue is paused. Rejects with what `consume` rejects with. */
  begin(): Promise<void>
  /** Takes none any more; resolves when what runs has its verdict or is given up. */
  end(): Promise<void>
}

export interface TakingParts {
  readonly settings: Settings
  readonly registry: Registry
  readonly queue: string
  readonly corridor: Corridor
  readonly consume: () => Promise<Running>
}

const retryMs = 1000

export function createTaking({ settings, registry, queue, corridor, consume }: TakingParts): Taking {
  const { listener, stopTimeoutMs } = settings
  const { clock, logger } = settings.broker
  let running: Running | undefined
  let moving: Promise<void> | undefined
  let halting = false
  let over = false
  let callOff = (): void => undefined
  let unsee = (): void => undefined

  const isPaused = (): boolean => registry.snapshot().pauses.has(queue)
  const hasToMove = (): boolean => !over && isPaused() === (running !== undefined)

  async function halt(consumer: Running): Promise<void> {
    logger.info({ listener, queue }, 'The queue of this listener is paused; it takes no more events')
    halting = true
    const stopped = consumer.stop()
    corridor.close()
    await stopped.catch((error: unknown) => {
      logger.warn({ listener, queue, ...toFailure(error) }, 'The consumer of a queue that is paused did not end well')
    })
    halting = false
    running = undefined
  }

  async function resume(): Promise<void> {
    corridor.open()
    running = await consume()
    logger.info({ listener, queue }, 'This listener takes events')
  }

  function look(): void {
    if (moving === undefined && hasToMove()) moving = move()
  }

  async function move(): Promise<void> {
    try {
      while (hasToMove()) await (running === undefined ? resume() : halt(running))
    } catch (error) {
      logger.warn({ listener, queue, ...toFailure(error) }, 'This listener cannot take events again yet')
      if (!over) callOff = clock.after(retryMs, look)
    } finally {
      moving = undefined
    }
  }

  async function finish(): Promise<void> {
    const stopped = running?.stop()
    corridor.close()
    await stopped
    await moving
    await running?.stop()
  }

  return {
    get paused() {
      return halting || running === undefined
    },
    async begin() {
      unsee = registry.onChange(({ pauses }) => {
        if (pauses.has(queue)) look()
      })
      if (!isPaused()) running = await consume()
      else logger.info({ listener, queue }, 'The queue of this listener is paused; it takes no events yet')
      look()
    },
    async end() {
      over = true
      unsee()
      callOff()
      let giveUp = (): void => undefined
      const givenUp = new Promise<void>((resolve) => {
        giveUp = clock.after(stopTimeoutMs, () => {
          corridor.giveUp()
          // A consumer that is only being made, over a link that is down, may take for ever.
          if (running === undefined) resolve()
        })
      })
      try {
        await Promise.race([finish(), givenUp])
      } finally {
        giveUp()
      }
    },
  }
}

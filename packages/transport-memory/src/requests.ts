import { type Message, type Running, TransportError } from '@recordcast/transport'
import { copyMessage } from '@recordcast/transport/driver'
import { heldFor } from './faults.js'
import type { Ground } from './ground.js'
import { asError, never, type Party } from './party.js'

/** One request that is not answered yet. It ends once: by an answer, an error, the clock, or with its party. */
export class Question {
  readonly address: string
  readonly message: Message
  readonly answer: Promise<Message>
  over = false
  /** Called when it is over, by responders that wait for it in order to stop. */
  readonly ended = new Set<() => void>()
  readonly #ground: Ground
  readonly #party: Party
  readonly #timer: () => void
  #resolve!: (answer: Message) => void
  #reject!: (error: Error) => void

  constructor(ground: Ground, party: Party, address: string, message: Message, timeoutMs: number) {
    this.#ground = ground
    this.#party = party
    this.address = address
    this.message = message
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#timer = party.clock.after(timeoutMs, () =>
      this.fail('request-timeout', `Nobody at ${address} answered within ${timeoutMs} ms.`),
    )
    party.questions.add(this)
  }

  succeed(answer: Message): void {
    if (this.#end()) this.#resolve({ ...answer, body: new Uint8Array(answer.body) })
  }

  fail(code: TransportError['code'], sentence: string, cause?: unknown): void {
    if (this.#end()) this.#reject(new TransportError(code, sentence, cause === undefined ? undefined : { cause }))
  }

  /** The party that asked is dead: nobody hears how it ended. */
  forget(): void {
    this.#end()
  }

  #end(): boolean {
    if (this.over) return false
    this.over = true
    this.#timer()
    this.#party.questions.delete(this)
    for (const heard of this.ended) heard()
    this.#ground.crash(this.#party, 'request', 'after', this.address)
    return this.#party.state !== 'killed'
  }
}

/** Who answers at an address. stop() waits for the answers that run, but for none longer than its request waits. */
export class Responder implements Running {
  readonly address: string
  readonly #ground: Ground
  readonly #party: Party
  readonly #answer: (request: Message) => Promise<Message>
  readonly #open = new Set<Question>()
  #stopping: Promise<void> | undefined

  constructor(ground: Ground, party: Party, address: string, answer: (request: Message) => Promise<Message>) {
    this.#ground = ground
    this.#party = party
    this.address = address
    this.#answer = answer
    party.responders.add(this)
    const { responders } = party.space
    responders.set(address, [...(responders.get(address) ?? []), this])
  }

  hear(question: Question): void {
    if (question.over || this.#stopping !== undefined || this.#party.state === 'killed') return
    this.#open.add(question)
    const { id, body, headers } = question.message
    let said: Promise<Message>
    try {
      said = Promise.resolve(this.#answer({ id, body: new Uint8Array(body), headers }))
    } catch (thrown) {
      said = Promise.reject(thrown)
    }
    said
      .then((answer) => copyMessage(answer, this.#ground.limits.maxBodyBytes))
      .then(
        (answer) => this.#reply(question, () => question.succeed(answer)),
        (thrown) => this.#reply(question, () => failed(question, asError(thrown))),
      )
      .finally(() => this.#open.delete(question))
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  async #end(): Promise<void> {
    this.#ground.crash(this.#party, 'stop', 'before', this.address)
    this.leave()
    await Promise.all([...this.#open].map(over))
    this.#party.responders.delete(this)
    this.#ground.crash(this.#party, 'stop', 'after', this.address)
    if (this.#party.state === 'killed') await never()
  }

  /** Nothing new comes here. */
  leave(): void {
    const { responders } = this.#party.space
    const left = responders.get(this.address)?.filter((other) => other !== this) ?? []
    if (left.length > 0) responders.set(this.address, left)
    else responders.delete(this.address)
  }

  #reply(question: Question, settle: () => void): void {
    if (this.#party.state === 'killed') return
    carry(this.#ground, question.address, 'answer', settle)
  }
}

/** Brings the question to one of those who stand at its address. */
export function ask(ground: Ground, party: Party, question: Question): void {
  const standing = party.space.responders.get(question.address)
  if (standing === undefined) {
    question.fail('nobody-there', `Nobody responds at ${question.address}.`)
    return
  }
  const responder = standing[Math.floor(ground.random() * standing.length)]
  carry(ground, question.address, 'question', () => responder?.hear(question))
}

function carry(ground: Ground, address: string, leg: 'question' | 'answer', arrive: () => void): void {
  const fate = ground.faults.request?.(address, leg)
  const held = heldFor(fate, ground.random, 'never')
  if (held === 'never') return
  if (held !== undefined) {
    ground.later(held, arrive)
    return
  }
  ground.turns.soon(arrive)
  if (fate === 'duplicate') ground.turns.soon(arrive)
}

function failed(question: Question, error: Error): void {
  question.fail('responder-failed', `The responder at ${question.address} failed: ${error.message}`, error)
}

function over(question: Question): Promise<void> {
  return new Promise((resolve) => {
    if (question.over) resolve()
    else question.ended.add(resolve)
  })
}

import { toProblem } from '@recordcast/protocol/errors'
import type { ControlAnswer, ControlRequest } from '@recordcast/protocol/requests'
import { ask, type Broker } from '@recordcast/registry'
import type { Shape } from '../shapes/index.js'
import { inParallel } from './in-parallel.js'

type Problem = Shape<'problem'>

/** An answer, or why there is none. */
export type Told<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: Problem }

type AnswerTo<R extends ControlRequest> = Extract<ControlAnswer, { kind: R['kind'] }>

export interface Asker {
  /** Never rejects: who does not answer in time is told as a problem. */
  ask<R extends ControlRequest>(address: string, request: R): Promise<Told<AnswerTo<R>>>
}

/** At most `parallel` requests are on their way at once, whoever asks. */
export function createAsker({ transport }: Broker, timeoutMs: number, parallel: number): Asker {
  const gate = inParallel(parallel)
  return {
    ask: (address, request) => tell(() => gate(() => ask(transport, address, request, timeoutMs))),
  }
}

/** What a promise comes to, its rejection as a problem. */
export async function tell<T>(make: () => Promise<T>): Promise<Told<T>> {
  try {
    return { value: await make() }
  } catch (error) {
    return { problem: plainProblem(error) }
  }
}

/** A problem as the shapes have it, whose lists may be written to. */
export function plainProblem(error: unknown): Problem {
  const { nearest, ...rest } = toProblem(error)
  return { ...rest, ...(nearest && { nearest: [...nearest] }) }
}

import type { Message, Verdict } from '@recordcast/transport'
import type { Tap } from './link.js'
import type { World } from './world.js'

/** What a process asks a source for after the fact. */
function noteQuestion(world: World, process: string, message: Message): void {
  const body = JSON.parse(new TextDecoder().decode(message.body))
  if (body.kind !== 'complete') return
  const key = `${process}/${body.event}`
  const asked = world.asked.get(key) ?? new Set()
  for (const attribute of body.attributes) asked.add(attribute)
  if (body.filter !== undefined) asked.add('$filter')
  world.asked.set(key, asked)
}

/** What is told by the verdict on a message. */
function noteVerdict(world: World, message: Message, verdict: Verdict): void {
  if (verdict.do === 'park') world.count('parked')
  if (verdict.do === 'return' && verdict.why.startsWith('another subscription set')) {
    world.count('message handed back to the other generation')
  }
  if (verdict.do === 'ack' && new TextDecoder().decode(message.body).includes('"$filter":')) {
    world.count('perhaps-filter decided by the listener')
  }
}

/** What the product logs. */
export function noteLog(world: World, id: string, level: string, details: object, message: string): void {
  const { listener, event, code, attempt } = details as Record<string, unknown>
  if (code === 'attribute-missing') world.lacked.add(`${listener}/${event}`)
  const rest = [listener, event, code, attempt].filter((each) => each !== undefined).join(' ')
  world.note(`${id} ${level}: ${message} ${rest}`)
}

/** A tap that also notes what the checks need to know of any process. */
export function watched(world: World, tap: Tap, process: string): Tap {
  return {
    ...tap,
    request(address, message) {
      noteQuestion(world, process, message)
      tap.request?.(address, message)
    },
    delivered(queue, message, redelivered) {
      if (redelivered) world.count('redelivery')
      tap.delivered?.(queue, message, redelivered)
    },
    said(queue, message, verdict) {
      noteVerdict(world, message, verdict)
      tap.said?.(queue, message, verdict)
    },
  }
}

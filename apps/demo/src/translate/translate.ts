import type { Json } from '../json.js'
import type { Payload } from '../payloads.js'
import { code } from './code.js'
import { people } from './people.js'
import { runs } from './runs.js'
import { security } from './security.js'
import type { RecordEvent } from './told.js'
import { work } from './work.js'

type Translate = (payload: Json) => RecordEvent | readonly RecordEvent[]

const byWebhook: ReadonlyMap<string, Translate> = new Map(
  Object.entries<Translate>({ ...work, ...code, ...runs, ...security, ...people }),
)

/** The record events that a webhook tells: at least one. @throws TypeError naming the webhook, for one that is not known or malformed */
export function translate({ webhook, body }: Payload): readonly RecordEvent[] {
  const translator = byWebhook.get(webhook)
  if (translator === undefined) throw new TypeError(`No record event is known for webhook "${webhook}"`)
  try {
    return [translator(body)].flat()
  } catch (error) {
    throw new TypeError(`Webhook "${webhook}" could not be read`, { cause: error })
  }
}

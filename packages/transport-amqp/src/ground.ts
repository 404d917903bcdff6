import type { Clock } from '@recordcast/transport'
import { report } from './errors.js'
import type { Features } from './features.js'
import type { Link } from './link/link.js'
import type { Names } from './names.js'
import type { Settings } from './options.js'
import type { Young } from './queues/young.js'

/** What the rooms of one transport share. */
export interface Ground {
  readonly settings: Settings
  readonly names: Names
  readonly clock: Clock
  readonly features: Features
  readonly maxBodyBytes: number
  /** Shelves that were made because a message was to be parked. */
  readonly young: Young
  /** Connections of their own, so that a blocked publisher delays no ack and a busy consumer no answer. */
  readonly publishing: Link
  readonly consuming: Link
  readonly control: Link
}

/** Tells the caller's own function, or onWarning where there is none. */
export function tell(ground: Ground, onError: ((error: Error) => void) | undefined, error: Error): void {
  report(onError, ground.settings.onWarning, error)
}

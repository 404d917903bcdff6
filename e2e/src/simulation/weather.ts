import type { ControlFate, MemoryBus, PublishFate } from '@recordcast/transport-memory'
import { add, type Counters } from './counters.js'
import type { Dice } from './random.js'

/** How likely each fault is at the moment; all 0 is fair weather. */
export interface Weather {
  control: number
  publish: number
  delivery: number
  verdict: number
  loader: number
}

export const fair: Readonly<Weather> = { control: 0, publish: 0, delivery: 0, verdict: 0, loader: 0 }

/** Sets the bus's hooks so that they follow the weather. */
export function exposeTo(weather: Weather, bus: MemoryBus, dice: Dice, counters: Counters): void {
  const control = (): ControlFate => {
    if (!dice.chance(weather.control)) return undefined
    switch (dice.upTo(4)) {
      case 0:
        add(counters, 'control message dropped')
        return 'drop'
      case 1:
        add(counters, 'control message duplicated')
        return 'duplicate'
      case 2:
        add(counters, 'control message reordered')
        return 'reorder'
      default:
        add(counters, 'control message delayed')
        return { delayMs: dice.upTo(dice.chance(0.2) ? 2500 : 200) }
    }
  }
  const publish = (): PublishFate => {
    if (!dice.chance(weather.publish)) return undefined
    switch (dice.upTo(3)) {
      case 0:
        return 'refuse'
      case 1:
        add(counters, 'confirm lost')
        return 'unconfirmed'
      default:
        return { confirmAfterMs: dice.upTo(300) }
    }
  }
  bus.faults.change = control
  bus.faults.request = control
  bus.faults.publish = (_queue, { headers }) => {
    if (headers.wanted?.includes(',')) add(counters, 'union of two generations served')
    return publish()
  }
  bus.faults.delivery = () => (dice.chance(weather.delivery) ? 'duplicate' : undefined)
  bus.faults.verdict = () => {
    if (!dice.chance(weather.verdict)) return undefined
    add(counters, 'verdict lost')
    return 'lost'
  }
}

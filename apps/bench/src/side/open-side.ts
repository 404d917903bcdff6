import { flow } from '../broker/flow.js'
import { latency } from '../broker/latency.js'
import { openEmitter } from '../embedded/emitter.js'
import { openOurs as openEmbedded } from '../embedded/ours.js'
import { openOurs as openEncoding } from '../encode/ours.js'
import { openStringify } from '../encode/stringify.js'
import { openOurs as openMatching } from '../match/ours.js'
import { openSift } from '../match/sift.js'
import { openBrokerSide } from './open-broker-side.js'
import type { Rig } from './rig.js'
import type { BrokerSide, Figures, Order, RigSide, SideSpec } from './spec.js'

/** A side that is open: it does what it is told. */
export type Opened = (order: Order) => Promise<Figures>

export async function openSide(spec: SideSpec): Promise<Opened> {
  return 'broker' in spec ? overBroker(spec) : asRig(await openRig(spec))
}

async function overBroker(spec: BrokerSide): Promise<Opened> {
  const side = await openBrokerSide(spec)
  return async (order) => {
    switch (order.run) {
      case 'flow':
        return { ...(await flow(side, order.events)) }
      case 'latency':
        return { ...(await latency(side, order.perSecond, order.seconds)) }
      case 'close':
        await side.close()
        return {}
      default:
        throw new Error(`${spec.of} does not do this: ${order.run}`)
    }
  }
}

function openRig(spec: RigSide): Rig<object> | Promise<Rig<object>> {
  switch (spec.of) {
    case 'recordcast, embedded':
      return openEmbedded({ ...spec.load, url: 'memory://bench' })
    case 'EventEmitter + JSON copy':
      return openEmitter(spec.load)
    case 'recordcast, encoding':
      return openEncoding(spec.load)
    case 'JSON.stringify a listener':
      return openStringify(spec.load)
    case 'recordcast, matching':
      return openMatching(spec.load)
    case 'sift, a query a pattern':
      return openSift(spec.load)
  }
}

function asRig(rig: Rig<object>): Opened {
  return async ({ run }) => {
    if (run === 'rig') {
      // Garbage of one run is not the next one's to pay for.
      globalThis.gc?.()
      return { ...(await rig.run()) }
    }
    if (run !== 'close') throw new Error(`A rig does not do this: ${run}`)
    await rig.close()
    return {}
  }
}

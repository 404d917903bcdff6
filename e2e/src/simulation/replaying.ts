import { replayParked } from '@recordcast/transport/replay'
import type { QueueSpec } from './parties.js'
import type { World } from './world.js'

/** Puts the parked messages of a queue back, by a process of its own. Gives how many, or undefined if it could not. */
export async function replay(world: World, spec: QueueSpec): Promise<number | undefined> {
  const process = world.spawn('operator')
  try {
    const { clock } = process
    const report = await replayParked(process.transport, spec.name, { clock, timeoutMs: 2000 })
    world.count('replayed', report.replayed)
    if (report.replayed > 0) world.note(`${process.id} replayed ${report.replayed} of ${spec.name}`)
    return report.replayed
  } catch (error) {
    world.note(`${process.id} could not replay ${spec.name}: ${error}`)
    return undefined
  } finally {
    await process.transport.close()
  }
}

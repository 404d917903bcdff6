import { jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { waitUntil } from '../brokers/wait-until.js'
import type { PrivateBroker, Room } from './scenario.js'

/** A broker that takes no messages any more, though it lives. */
export interface Alarm {
  readonly what: string
  /** Resolves when it takes none. */
  begin(): Promise<unknown>
  /** Makes room again. */
  end(): Promise<unknown>
}

/** What JetStream may keep where its alarm is to be raised. */
export const storeBytes = 32 * 1024 * 1024

export function alarmsOf(room: Room, broker: PrivateBroker): Promise<readonly Alarm[]> | readonly Alarm[] {
  return room.broker === 'amqp' ? alarmsOfRabbit(broker) : alarmsOfNats(room, broker)
}

/** RabbitMQ looks at once when a limit is set, and lets no client publish until there is room. */
function alarmsOfRabbit({ ctl }: PrivateBroker): readonly Alarm[] {
  return [
    {
      what: 'disk',
      begin: () => ctl('set_disk_free_limit', '900GB'),
      end: () => ctl('set_disk_free_limit', '50MB'),
    },
    {
      what: 'memory',
      begin: () => ctl('set_vm_memory_high_watermark', '0.00001'),
      end: () => ctl('set_vm_memory_high_watermark', '0.4'),
    },
  ]
}

const filler = 'FILLER'
const fillBytes = 1_000_000

/**
 * JetStream takes messages until it holds more than it may, then refuses all. The last of the large ones that fill it goes so far
 * beyond the limit that what listeners take away meanwhile makes no room.
 */
async function alarmsOfNats(room: Room, { url }: PrivateBroker): Promise<readonly Alarm[]> {
  const nc = await connect({ servers: url })
  room.ends(() => nc.close())
  const [js, jsm] = [jetstream(nc), await jetstreamManager(nc)]
  const body = new Uint8Array(fillBytes)
  const refuses = async (): Promise<boolean> => {
    try {
      await js.publish(filler, body)
      return false
    } catch (error) {
      if (error instanceof Error && /insufficient|exceeded/.test(error.message)) return true
      throw error
    }
  }
  return [
    {
      what: 'storage',
      async begin() {
        await jsm.streams.add({ name: filler, subjects: [filler], storage: StorageType.File })
        await waitUntil(refuses, { what: 'JetStream to be full', everyMs: 0 })
      },
      end: () => jsm.streams.delete(filler),
    },
  ]
}

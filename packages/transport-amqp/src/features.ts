import { TransportError } from '@recordcast/transport'

const mebibyte = 1024 * 1024

/** What a broker can do, read off the version that it names at connect. */
export interface Features {
  readonly version: string
  /** The largest message that it takes unless configured otherwise: 128 MiB, from 4.0 on 16 MiB. */
  readonly maxBodyBytes: number
  /**
   * Whether a queue may be neither durable nor exclusive, which 4.x is about to forbid. When the node of such a queue goes
   * down the queue goes with it and can be made on another; a durable one is out of reach until its node is back.
   */
  readonly transientQueues: boolean
}

/**
 * Throws invalid-argument for brokers before 3.10, which lack at-least-once dead-lettering, without which retries get
 * lost in a crash, and TTLs on quorum queues. A version that cannot be read is taken for the newest.
 */
export function featuresOf(version: string | undefined): Features {
  const [, major = '4', minor = '0'] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? []
  const number = Number(major) * 1000 + Number(minor)
  if (number < 3010)
    throw new TransportError(
      'invalid-argument',
      `The broker is RabbitMQ ${version}; 3.10 or later is needed, for streams and at-least-once dead-lettering.`,
    )
  const before4 = number < 4000
  return {
    version: version ?? 'unknown',
    maxBodyBytes: (before4 ? 128 : 16) * mebibyte,
    transientQueues: before4,
  }
}

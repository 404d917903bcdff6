import type { Clock, Transport } from '@recordcast/transport'
import type { Telemetry } from './telemetry/telemetry.js'

/** The part of pino's logger that Recordcast uses; any logger with these four methods will do. */
export interface Logger {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** A connection to a broker, made by `connect` and shared by the sources and listeners of a process. */
export interface Broker {
  readonly transport: Transport
  /** Keeps environments apart on one broker. */
  readonly namespace: string
  readonly logger: Logger
  readonly clock: Clock
  /** Numbers from 0 inclusive to 1 exclusive, for jitter and ids. */
  readonly random: () => number
  /** Who observes sources and listeners; absent: nobody, and it costs nothing. */
  readonly telemetry?: Telemetry
  /** Closes the transport. Stop sources and listeners first; what still runs then ends as when a link is lost for good. */
  close(): Promise<void>
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

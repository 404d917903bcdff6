import { brokerCodes, saidBy } from '../link/errors.js'
import type { Party } from '../party.js'

const tooFewServers = [brokerCodes.insufficientResources, brokerCodes.noSuitablePeers, brokerCodes.replicasUnsupported]
const formingMs = 5000
const pauseMs = 200

/**
 * Makes something in as many copies as the cluster is to keep. Where nobody asked for a number and three do not fit, there is
 * one, with a warning; but not at once: a cluster that has just been started, or lost a server for a moment, says the same as
 * one that is too small, and what is made in one copy stays so. That is waited for once in a transport's life.
 */
export async function replicated<T>(party: Party, make: (count: number) => Promise<T>): Promise<T> {
  const { replicas, settings } = party
  for (;;) {
    try {
      return await make(replicas.count)
    } catch (error) {
      if (!saidBy(error, ...tooFewServers) || replicas.asked || replicas.count === 1) throw error
      replicas.waitUntil ??= settings.clock.now() + formingMs
      if (settings.clock.now() < replicas.waitUntil) await party.pause(pauseMs)
      else {
        replicas.count = 1
        party.warnOnce('The NATS cluster has no three servers with JetStream: queues and boards have one replica.')
      }
    }
  }
}

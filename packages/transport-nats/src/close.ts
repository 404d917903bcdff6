import { closed } from './link/errors.js'
import type { Party } from './party.js'
import { drop } from './queue/drop.js'
import type { Janitor } from './queue/janitor.js'

/** Takes nothing new, lets what runs have its verdict and what is published its confirm, ends its own queues, lets go. */
export async function close(party: Party, janitor: Janitor): Promise<void> {
  party.state = 'closing'
  janitor.stop()
  await Promise.all([stopAll(party), party.whenIdle()])
  // What was on its way when close was called stands now.
  await stopAll(party)
  await Promise.all([...party.instances].map((queue) => drop(party, queue).catch(party.warn)))
  party.state = 'closed'
  await party.link.close()
}

async function stopAll(party: Party): Promise<void> {
  await Promise.all([...party.watchers].map((watcher) => watcher.stop()))
  await Promise.all([...party.consumers].map((consumer) => consumer.stop()))
  for (const end of [...party.questions]) end(closed())
  await Promise.all([...party.responders].map((responder) => responder.stop()))
}

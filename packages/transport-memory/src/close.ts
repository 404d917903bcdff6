import { closed } from './call.js'
import type { Ground } from './ground.js'
import { never, type Party } from './party.js'

/** Takes nothing new, lets what runs have its verdict, lets go. If the party dies meanwhile, this never settles. */
export async function close(ground: Ground, party: Party): Promise<void> {
  ground.crash(party, 'close', 'before', '')
  if (isDead(party)) return never()
  party.state = 'closing'
  await Promise.all([stopAll(party), party.whenIdle()])
  // What was on its way when close was called stands now.
  await stopAll(party)
  if (isDead(party)) return never()
  for (const queue of [...party.instances]) party.space.drop(queue.name)
  ground.crash(party, 'close', 'after', '')
  if (isDead(party)) return never()
  party.state = 'closed'
  ground.leave(party)
}

async function stopAll(party: Party): Promise<void> {
  for (const watcher of [...party.watchers]) watcher.end()
  for (const responder of party.responders) responder.leave()
  await Promise.all([...party.consumers].map((consumer) => consumer.stop()))
  for (const question of [...party.questions]) question.fail('transport-closed', closed().message)
  await Promise.all([...party.responders].map((responder) => responder.stop()))
}

function isDead(party: Party): boolean {
  return party.state === 'killed'
}

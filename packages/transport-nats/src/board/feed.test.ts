import { headers, type Msg } from '@nats-io/transport-node'
import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import type { Party } from '../party.js'
import { Feed } from './feed.js'

/** A feed of a board on which one fact stood when its consumer was made; `hear` is what the broker says then. */
async function feedOfOne() {
  const happened: string[] = []
  let hear = (_: Msg): void => undefined
  const party = {
    settings: { clock: systemClock },
    link: {
      subscribe: (_: string, heard: (message: Msg) => void) => {
        hear = heard
        return { unsubscribe: () => undefined }
      },
      send: () => undefined,
    },
    api: async () => ({ name: 'consumer', num_pending: 1, delivered: { consumer_seq: 0 } }),
  } as unknown as Party
  const feed = new Feed(party, 'KV_board', 1, {
    message: () => void happened.push('message'),
    listed: () => void happened.push('listed'),
    broken: () => void happened.push('broken'),
  })
  await feed.open('$KV.board.>')
  const beat = (also: Record<string, string> = {}): void => {
    const told = headers(100, 'Idle Heartbeat')
    for (const [name, value] of Object.entries(also)) told.set(name, value)
    hear({ headers: told, reply: '' } as Msg)
  }
  const deliver = (order: number, pending: number): void =>
    hear({ reply: `$JS.ACK.KV_board.consumer.1.${order}.${order}.1000000.${pending}` } as Msg)
  return { feed, happened, beat, deliver }
}

test('a feed whose list has not ended when the broker has nothing more to send is opened again', async () => {
  const { feed, happened, beat } = await feedOfOne()
  beat({ 'Nats-Last-Consumer': '0' })
  expect(happened).toEqual(['broken'])
  expect(feed.over).toBe(true)
})

test('so is one whose last delivery says that more is pending, and nothing comes', async () => {
  const { happened, beat, deliver } = await feedOfOne()
  deliver(1, 1)
  beat({ 'Nats-Last-Consumer': '1' })
  expect(happened).toEqual(['message', 'broken'])
})

test('a list that has ended, one that is stalled, and a question of flow control are left alone', async () => {
  const { feed, happened, beat, deliver } = await feedOfOne()
  beat({ 'Nats-Last-Consumer': '0', 'Nats-Consumer-Stalled': '$JS.FC.x' })
  beat()
  deliver(1, 0)
  beat({ 'Nats-Last-Consumer': '1' })
  expect(happened).toEqual(['message', 'listed'])
  feed.close()
})

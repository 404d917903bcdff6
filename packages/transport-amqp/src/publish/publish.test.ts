import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { leftOut } from '../testdata/broker.js'
import { beginTrial, message, type Trial } from '../testdata/trial.js'
import { Letter } from './letter.js'
import { Post } from './post.js'

describe.skipIf(leftOut)('publish', () => {
  const queues = Array.from({ length: 10 }, (_, at) => `q${at}`)
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ queues }), 30_000)

  test('encodes a message once, and writes a copy for each of its queues and one for a queue that was named twice', async () => {
    const { transport } = await trial.open()
    for (const queue of queues) await transport.declare(queue)
    const encoded = vi.spyOn(Letter, 'of')
    const written = vi.spyOn(Post.prototype, 'write')
    expect(await transport.publish([...queues, 'q0'], message('m'))).toEqual({ gone: [], failed: [] })
    expect(encoded).toHaveBeenCalledTimes(1)
    expect(written).toHaveBeenCalledTimes(queues.length)
    encoded.mockRestore()
    written.mockRestore()
    for (const queue of queues) expect((await transport.inspect(queue))?.ready).toBe(1)
  })
})

import { sitExam } from '@recordcast/transport-testkit'
import { test } from 'vitest'
import { createMemoryBus, createMemoryTransport } from './index.js'

const bus = createMemoryBus()

sitExam((title, run) => (run ? test(title, run) : test.skip(title)), {
  open: async () => createMemoryTransport({ bus }),
  openApart: async () => createMemoryTransport({ bus, namespace: 'apart' }),
  kill: async (transport) => bus.kill(transport),
})

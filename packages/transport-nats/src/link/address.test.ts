import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createNatsTransport } from '../index.js'
import { readServers } from './address.js'

const secret = 'hunter2-sécret'
const inUrl = encodeURIComponent(secret)

test('credentials come out of the address, and none is left in it', () => {
  const { servers, auth, secure } = readServers([`nats://me:${inUrl}@a.example`, `tls://b.example:4333`], undefined)
  expect(servers).toEqual(['a.example:4222', 'b.example:4333'])
  expect(auth).toEqual({ user: 'me', password: secret })
  expect(secure).toBe(true)
  expect(readServers(['nats://tok@h'], undefined).auth).toEqual({ token: 'tok' })
  expect(readServers(['nats://tok@h'], { token: 'given' }).auth).toEqual({ token: 'given' })
})

test('everything secret is taken out of a text, as it is and as a URL writes it', () => {
  const { scrub } = readServers([`nats://me:${inUrl}@h`], { token: 'tok-en' })
  expect(scrub(`login ${secret} or ${inUrl} or tok-en failed`)).toBe('login *** or *** or *** failed')
})

test('an address that is none, or a server that is not there, is refused without showing a credential', async () => {
  for (const url of [`http://me:${inUrl}@h`, `nats://me:${inUrl}@`, `nats://me:${inUrl}@127.0.0.1:1`]) {
    const error: unknown = await createNatsTransport({ url }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    const shown = inspect(error, { depth: 10, showHidden: true }) + String(error)
    expect(shown).not.toContain(secret)
    expect(shown).not.toContain(inUrl)
  }
})

test('options that make no sense are refused', async () => {
  const refused = [{ namespace: '' }, { replicas: 2 }, { ackWaitMs: 1.5 }, { window: { messages: 0 } }, { servers: [] }]
  for (const options of refused)
    await expect(createNatsTransport(options)).rejects.toMatchObject({ code: 'invalid-argument' })
  // @ts-expect-error a list of addresses is 'servers'
  await expect(createNatsTransport({ url: ['a:1'] })).rejects.toMatchObject({ code: 'invalid-argument' })
  await expect(createNatsTransport({ auth: { nkeySeed: 'none' } })).rejects.toMatchObject({ code: 'invalid-argument' })
})

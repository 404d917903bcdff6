import type { PeerCertificate } from 'node:tls'
import { expect, test } from 'vitest'
import { identityAmong } from './identity.js'

const certificateOf = (subjectaltname: string) => ({ subject: { CN: 'none' }, subjectaltname }) as PeerCertificate

test('a server under a name has to prove that name', () => {
  const check = identityAmong(['a.example:4222', 'b.example:4222'])
  expect(check('a.example', certificateOf('DNS:a.example'))).toBeUndefined()
  expect(check('a.example', certificateOf('DNS:b.example'))).toBeInstanceOf(Error)
  expect(check('localhost', certificateOf('DNS:a.example'))).toBeInstanceOf(Error)
})

test('a server under an address in figures has to prove one of those given, not that it is localhost', () => {
  const check = identityAmong(['10.0.0.1:4222', '[::1]:4222', 'a.example:4222'])
  expect(check('localhost', certificateOf('IP Address:10.0.0.1'))).toBeUndefined()
  expect(check('localhost', certificateOf('IP Address:0:0:0:0:0:0:0:1'))).toBeUndefined()
  expect(check('localhost', certificateOf('IP Address:10.0.0.2'))).toBeInstanceOf(Error)
  expect(check('localhost', certificateOf('DNS:localhost'))).toBeInstanceOf(Error)
  expect(identityAmong(['localhost:4222'])('localhost', certificateOf('DNS:localhost'))).toBeUndefined()
})

import { expect, test } from 'vitest'
import { featuresOf } from './features.js'

const mebibyte = 1024 * 1024

test('the largest body is 128 MiB before RabbitMQ 4 and 16 MiB from then on', () => {
  for (const version of ['3.10.8', '3.13.7', '3.12.0-rc.1'])
    expect(featuresOf(version).maxBodyBytes).toBe(128 * mebibyte)
  for (const version of ['4.0.1', '4.3.0', '5.0.0']) expect(featuresOf(version).maxBodyBytes).toBe(16 * mebibyte)
})

test('a broker that is too old is refused by name', () => {
  for (const version of ['3.9.29', '3.8.2', '2.7.0'])
    expect(() => featuresOf(version)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(version) }),
    )
})

test('a version that cannot be read is taken for the newest', () => {
  for (const version of [undefined, '', 'nightly']) expect(featuresOf(version).maxBodyBytes).toBe(16 * mebibyte)
})

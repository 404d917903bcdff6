import { type ConsumeMessage, connect } from 'amqplib'
import { socketOptions } from './raw.js'

const prefetch = 1000
const ackEvery = 100

/** Reads the bytes of so many facts off a board's stream with amqplib alone; resolves with the milliseconds that took. */
export async function readBoard(url: string, stream: string, facts: number): Promise<number> {
  const model = await connect(url, socketOptions)
  const began = performance.now()
  const channel = await model.createChannel()
  await channel.prefetch(prefetch)
  let read = 0
  let entries = 0
  const ms = await new Promise<number>((resolve, reject) => {
    const take = (message: ConsumeMessage | null): void => {
      if (message === null) {
        reject(new Error(`${stream} has gone`))
        return
      }
      if (++entries % ackEvery === 0) channel.ack(message, true)
      if (message.properties.headers?.['rc-entry'] === 'fact') read++
      if (read === facts) resolve(performance.now() - began)
    }
    channel.consume(stream, take, { arguments: { 'x-stream-offset': 'first' } }).catch(reject)
  })
  await model.close()
  return ms
}

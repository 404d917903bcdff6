/** Whether a broker's tests are wanted in this run: all are, unless RECORDCAST_TRANSPORTS leaves some out. */
export function wants(transport: 'amqp' | 'nats'): boolean {
  const selection = process.env.RECORDCAST_TRANSPORTS
  return !selection || selection.split(',').some((name) => name.trim() === transport)
}

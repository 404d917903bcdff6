import { randomUUID } from 'node:crypto'

const records = 5000
const projection = 'x'.repeat(43)

/** What an event with that number is about; one of so many records that few have two events on the way. */
export function recordOf(n: number): string {
  return String(n % records).padStart(4, '0')
}

/** The document that travels, as whoever has no broker SDK would write it: the same members as ours has. */
export function documentOf(n: number, text: string) {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: 'bench',
    type: 'item.created',
    subject: recordOf(n),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    projection,
    data: { n, text },
  }
}

/** Text that makes the document have so many bytes. */
export function textFor(bytes: number): string {
  return 'x'.repeat(Math.max(0, bytes - JSON.stringify(documentOf(100_000, '')).length))
}

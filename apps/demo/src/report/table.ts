import { type Figures, sum } from '../figures.js'
import { columns } from './columns.js'
import { number, type Out } from './out.js'

const head = [
  'listener',
  'seen',
  'delivered',
  'held back',
  'attributes',
  'bytes',
  'webhooks whole',
  'share',
  'look-ups',
]

/** One row a listener. */
export function printTable(out: Out, all: readonly Figures[]): void {
  out.heading('Counted, a listener')
  const rows = all.map((each) => row(each.service, each, number(each.attributes)))
  const total = {
    seen: sum(all, ({ seen }) => seen),
    delivered: sum(all, ({ delivered }) => delivered),
    heldBack: sum(all, ({ heldBack }) => heldBack),
    bytes: sum(all, ({ bytes }) => bytes),
    fullBytes: sum(all, ({ fullBytes }) => fullBytes),
    linked: sum(all, ({ linked }) => linked),
  }
  const lines = columns([head, ...rows, row('together', total, '')], new Set(head.map((_, index) => index).slice(1)))
  for (const [index, line] of lines.entries()) {
    const edge = index === 0 || index === lines.length - 1
    out.line(`  ${edge ? out.strong(line) : line}`)
  }
  out.line(
    out.faint('  bytes: received by the listener · webhooks whole: what the same events weigh as GitHub sends them'),
  )
  out.line(out.faint('  look-ups: linked records that it would have had to fetch for itself'))
}

type Row = Pick<Figures, 'seen' | 'delivered' | 'heldBack' | 'bytes' | 'fullBytes' | 'linked'>

function row(name: string, figures: Row, attributes: string): readonly string[] {
  const { seen, delivered, heldBack, bytes, fullBytes, linked } = figures
  const share = fullBytes === 0 ? '–' : `${((100 * bytes) / fullBytes).toFixed(1)} %`
  return [
    name,
    ...[seen, delivered, heldBack].map(number),
    attributes,
    ...[bytes, fullBytes].map(number),
    share,
    number(linked),
  ]
}

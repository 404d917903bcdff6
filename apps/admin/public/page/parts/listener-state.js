// @ts-check
import { plural } from './numbers.js'

/** @typedef {import('./badge.js').State} State */
/** @typedef {{ depth?: { ready: number, unsettled: number, parked: number, attended: boolean }, missing?: true, problem?: { code: string }, paused?: unknown }} Row */

/**
 * How a listener is, most important first; never empty.
 *
 * @param {Row} row
 * @returns {State[]}
 */
export function statesOf({ depth, missing, problem, paused }) {
  /** @type {State[]} */
  const states = []
  if (missing) states.push({ kind: 'bad', sign: '▲', text: 'queue gone' })
  if (problem !== undefined) states.push({ kind: 'bad', sign: '▲', text: `not told: ${problem.code}` })
  if (depth !== undefined && depth.parked > 0)
    states.push({ kind: 'bad', sign: '▲', text: `${plural(depth.parked, 'parked', 'parked')}` })
  if (paused) states.push({ kind: 'quiet', sign: '‖', text: 'paused' })
  else if (depth !== undefined) {
    states.push(
      depth.attended ? { kind: 'good', sign: '●', text: 'attended' } : { kind: 'quiet', sign: '○', text: 'away' },
    )
  }
  return states
}

/** @param {Row} row */
export const isInTrouble = (row) => statesOf(row).some(({ kind }) => kind === 'bad')

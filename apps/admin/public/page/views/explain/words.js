// @ts-check

/** @typedef {import('@recordcast/operator/shapes').Shape<'explain'>['fate']} Fate */
/** @typedef {import('../../parts/badge.js').State} State */

/** @type {Record<Fate, State>} */
const words = {
  parked: { kind: 'bad', sign: '▲', text: 'It is parked' },
  delivered: { kind: 'good', sign: '✓', text: 'It was delivered into the queue' },
  pending: { kind: 'quiet', sign: '…', text: 'It is on its way into the queue' },
  failed: { kind: 'bad', sign: '▲', text: 'The broker did not take it' },
  gone: { kind: 'bad', sign: '▲', text: 'The queue was not there' },
  'held-back': { kind: 'quiet', sign: '✕', text: 'It was held back' },
  'not-subscribed': { kind: 'quiet', sign: '✕', text: 'The listener is not subscribed to it' },
  'would-go': { kind: 'good', sign: '✓', text: 'It would be delivered' },
  unknown: { kind: 'quiet', sign: '?', text: 'No source could tell' },
}

/** @param {Fate} fate */
export const toWords = (fate) => words[fate]

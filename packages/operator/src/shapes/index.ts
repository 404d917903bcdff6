import type { z } from 'zod'
import * as attributes from './attributes.js'
import * as bus from './bus.js'
import * as explain from './explain.js'
import * as listeners from './listeners.js'
import * as parked from './parked.js'
import * as parts from './parts.js'
import * as sources from './sources.js'

/**
 * Every result and every input of an operator as zod schemas, by name: what the API documents, what a command line prints as JSON. Inputs end
 * in `Input`.
 */
export const shapes = {
  pageInput: parts.pageInput,
  problem: parts.problemSchema,
  subscriptionsInput: listeners.subscriptionsInput,
  subscriptions: listeners.subscriptionsPage,
  listenersInput: listeners.listenersInput,
  listeners: listeners.listenersPage,
  listenerRow: listeners.listenerRow,
  listener: listeners.listenerDetail,
  sources: sources.sourcesPage,
  source: sources.sourceDetail,
  attributes: attributes.attributesReport,
  impactInput: attributes.impactInput,
  impact: attributes.impactReport,
  explainInput: explain.explainInput,
  explain: explain.explained,
  parkedInput: parked.parkedInput,
  parked: parked.parkedList,
  parkedRow: parked.parkedRow,
  parkedMessage: parked.parkedMessage,
  which: parked.which,
  replay: parked.replayReport,
  bus: bus.busPicture,
  liveEvent: bus.liveEvent,
  orphans: bus.orphans,
  withdraw: bus.withdrawReport,
  pause: bus.pauseReport,
  auditEntry: bus.auditEntry,
  catalogue: bus.catalogue,
} as const

/** The type of a shape, by its name. */
export type Shape<Name extends keyof typeof shapes> = z.infer<(typeof shapes)[Name]>

/** What a caller gives: defaults may be left out. */
export type Input<Name extends keyof typeof shapes> = z.input<(typeof shapes)[Name]>

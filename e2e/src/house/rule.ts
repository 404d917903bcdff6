import type { House } from './tree.js'

/** A rule of the house: a sentence that holds, and what is wrong where it does not, each thing with its place. */
export interface Rule {
  readonly fact: string
  readonly offences: (house: House) => readonly string[]
}

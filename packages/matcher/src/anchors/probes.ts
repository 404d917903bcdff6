import { Probe } from '../evaluate/probe.js'
import type { Wanted } from '../leaf/wanted.js'

/** Leaves as an index keeps them. Most of a crowd of patterns ask for the same few things beside the one that sets them apart. */
export interface Probes {
  get(alternatives: readonly Wanted[], slot: number): Probe
}

/** Beyond it the oldest is made again when it is asked for. */
const mostRemembered = 4096
/** A leaf of many alternatives is hardly another pattern's too. */
const fewAlternatives = 8

export function createProbes(): Probes {
  const known = new Map<string, Probe>()
  return {
    get(alternatives, slot) {
      if (alternatives.length > fewAlternatives) return new Probe(alternatives, slot)
      // What has no bound is written as null, below or above by its place.
      const key = `${slot} ${JSON.stringify(alternatives)}`
      const before = known.get(key)
      if (before !== undefined) return before
      const made = new Probe(alternatives, slot)
      for (const oldest of known.keys()) {
        if (known.size < mostRemembered) break
        known.delete(oldest)
      }
      known.set(key, made)
      return made
    },
  }
}

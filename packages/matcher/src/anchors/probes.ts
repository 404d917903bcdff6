import { Probe } from '../evaluate/probe.js'
import type { Wanted } from '../leaf/wanted.js'

/** Leaves as an index keeps them. Most of a crowd of patterns ask for the same few things beside the one that sets them apart. */
export interface Probes {
  get(alternatives: readonly Wanted[], slot: number): Probe
}

/** So many are remembered of late; as many before them are forgotten at once, which costs less than one by one. */
const mostRemembered = 4096
/** A leaf of many alternatives is hardly another pattern's too. */
const fewAlternatives = 8

export function createProbes(): Probes {
  let known = new Map<string, Probe>()
  let before = new Map<string, Probe>()

  function keep(key: string, probe: Probe): Probe {
    if (known.size >= mostRemembered) {
      before = known
      known = new Map()
    }
    known.set(key, probe)
    return probe
  }

  return {
    get(alternatives, slot) {
      if (alternatives.length > fewAlternatives) return new Probe(alternatives, slot)
      const key = keyOf(alternatives, slot)
      return known.get(key) ?? keep(key, before.get(key) ?? new Probe(alternatives, slot))
    },
  }
}

/** What has no bound is written as null, below or above by its place. */
function keyOf(alternatives: readonly Wanted[], slot: number): string {
  const [only] = alternatives
  if (alternatives.length === 1 && only?.kind === 'exact' && typeof only.value === 'string')
    return `${slot}=${only.value}`
  return `${slot} ${JSON.stringify(alternatives)}`
}

import type { Ran } from './run-scenario.js'

/** One line a scenario, as issue 3 wants it. */
export function printLine({ scenario, broker, outcome, tookMs, peakMemoryMb }: Ran): string {
  const { emitted, resolved, handled, lost, duplicated, recoveredAfterMs, also = {} } = outcome
  const recovered = recoveredAfterMs === undefined ? '' : ` · recovered after ${Math.round(recoveredAfterMs)} ms`
  const more = Object.entries(also).map(([name, value]) => ` · ${name} ${value}`)
  return (
    `${scenario.number.padEnd(3)} ${broker.padEnd(4)} ${scenario.fault}: emitted ${emitted} · resolved ${resolved} · handled ${handled} · ` +
    `lost ${lost} · duplicated ${duplicated}${recovered} · peak memory ${peakMemoryMb} MB${more.join('')} · took ${(tookMs / 1000).toFixed(1)} s`
  )
}

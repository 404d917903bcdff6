/**
 * What look-ups have cost so far: names, nodes, rows and words looked at. By it tests see that an event costs no more
 * where there are more patterns.
 */
export interface Effort {
  steps: number
}

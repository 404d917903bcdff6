/** Dice that a seed repeats. */
export interface Dice {
  /** From 0 inclusive to 1 exclusive. */
  readonly roll: () => number
  /** A whole number from 0 to below `below`. */
  upTo(below: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** Some of the list, at least `least`, in the list's order. */
  some<T>(list: readonly T[], least: number): T[]
  /** Dice of their own for somebody, so that what he rolls changes nobody else's luck. */
  fork(name: string): Dice
}

/** The mulberry32 generator: 32 bits of state, good enough to shuffle a simulation. */
export function createDice(seed: number | string): Dice {
  let state = typeof seed === 'number' ? seed >>> 0 : hash(seed)
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const dice: Dice = {
    roll,
    upTo: (below) => Math.floor(roll() * below),
    chance: (share) => roll() < share,
    pick<T>(list: readonly T[]): T {
      return list[Math.floor(roll() * list.length)] as T
    },
    some<T>(list: readonly T[], least: number): T[] {
      const chosen = list.filter(() => roll() < 0.5)
      while (chosen.length < Math.min(least, list.length)) {
        const more = dice.pick(list)
        if (!chosen.includes(more)) chosen.push(more)
      }
      return list.filter((each) => chosen.includes(each))
    },
    fork: (name) => createDice(`${seed}/${name}`),
  }
  return dice
}

/** FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

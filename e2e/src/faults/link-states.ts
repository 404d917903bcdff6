/** A logger that keeps what a driver says of its link, as `connect` passes it on. */
export function linkStates() {
  const seen: string[] = []
  const hear = (details: unknown): void => {
    const { state } = (typeof details === 'object' ? (details ?? {}) : {}) as { state?: unknown }
    if (typeof state === 'string') seen.push(state)
  }
  return {
    logger: { debug: () => undefined, info: hear, warn: hear, error: hear },
    /** How often it said that. */
    count: (...states: readonly string[]): number => seen.filter((state) => states.includes(state)).length,
  }
}

/** Largest request or answer in bytes: completed attributes may be as large as an event. */
export const largestAnswer = 16 * 1024 * 1024

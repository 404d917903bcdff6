/** Largest request in bytes: the attributes and the filter of one announcement, spelt out. */
export const largestRequest = 1024 * 1024

/** Largest answer in bytes: completed attributes may be as large as an event. The transport's own limit counts too. */
export const largestAnswer = 16 * 1024 * 1024

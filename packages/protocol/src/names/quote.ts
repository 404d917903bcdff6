/** Up to so many characters looking is quicker than a call of JSON.stringify. */
const short = 64

/** What JSON writes in another way: quotes, backslashes, control characters, halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const special = /["\\\u0000-\u001f\ud800-\udfff]/

/** A text as JSON, the same as JSON.stringify makes it; short plain texts, as most names and values are, take two thirds of the time. */
export function quote(text: string): string {
  return text.length > short || special.test(text) ? JSON.stringify(text) : `"${text}"`
}

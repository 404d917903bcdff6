// @ts-check
import { send } from './call.js'

/**
 * Server-sent events, by fetch: an EventSource carries no token but in the address. Resolves when the stream ends; rejects with an
 * ApiProblem if it could not begin, and when the signal is aborted.
 *
 * @param {string} path
 * @param {{ signal: AbortSignal, open: () => void, see: (data: any) => void }} options
 */
export async function readEvents(path, { signal, open, see }) {
  const { body } = await send(path, { signal })
  if (body === null) return
  open()
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let kept = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (kept + value).split('\n\n')
    kept = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = dataOf(block)
      if (data !== undefined) see(data)
    }
  }
}

/**
 * What an event carries; undefined for a comment, a sign of life, or what is no JSON.
 *
 * @param {string} block
 */
function dataOf(block) {
  const lines = block.split('\n').filter((line) => line.startsWith('data:'))
  if (lines.length === 0) return undefined
  try {
    return JSON.parse(lines.map((line) => line.slice('data:'.length)).join('\n'))
  } catch {
    return undefined
  }
}

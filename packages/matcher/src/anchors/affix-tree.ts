import type { Effort } from './effort.js'
import { listOf, type OneOrMore, type Posting, sizeOf, type Visit, withOne, withoutOne } from './posting.js'

/*
Postings by the text that a value must begin or end with, as a tree whose branches part where the texts do. A value is
followed from its end as far as it agrees, letter by letter; nothing is copied for that. Texts are cut to a length:
longer ones are filed under their beginning, and verification does the rest.
*/

const longest = 256

export interface AffixTree {
  readonly isEmpty: boolean
  add(text: string, posting: Posting): void
  remove(text: string, posting: Posting): void
  crowd(text: string): number
  /** Visits every posting whose text the value begins with, or ends with. */
  find(value: string, visit: Visit): void
}

interface Node {
  /** What stands between the node above and this one, in the order of reading. */
  text: string
  postings: OneOrMore<Posting> | undefined
  /** By their first code unit. */
  below: Map<number, Node> | undefined
}

export function createAffixTree(from: 'start' | 'end', effort: Effort): AffixTree {
  const root: Node = { text: '', postings: undefined, below: undefined }
  const toKey = (text: string): string => (from === 'start' ? text.slice(0, longest) : reverse(text))

  /** The way to the node of a key, the root first; undefined if there is none. */
  function wayTo(key: string): Node[] | undefined {
    const way = [root]
    for (let at = 0; at < key.length; ) {
      const node = way.at(-1)?.below?.get(key.charCodeAt(at))
      if (node === undefined || !key.startsWith(node.text, at)) return undefined
      at += node.text.length
      way.push(node)
    }
    return way
  }

  return {
    get isEmpty() {
      return root.postings === undefined && root.below === undefined
    },
    add(text, posting) {
      const node = nodeAt(root, toKey(text))
      node.postings = withOne(node.postings, posting)
    },
    remove(text, posting) {
      const way = wayTo(toKey(text))
      const end = way?.at(-1)
      if (way === undefined || end === undefined) return
      end.postings = withoutOne(end.postings, posting)
      for (let at = way.length - 1; at > 0; at--) {
        const node = way[at] as Node
        const above = way[at - 1] as Node
        if (node.postings !== undefined || node.below !== undefined) return
        above.below?.delete(node.text.charCodeAt(0))
        if (above.below?.size === 0) above.below = undefined
      }
    },
    crowd: (text) => sizeOf(wayTo(toKey(text))?.at(-1)?.postings),
    find(value, visit) {
      const { length } = value
      const last = length - 1
      let node: Node | undefined = root
      let at = 0
      for (;;) {
        effort.steps++
        if (node.postings !== undefined) for (const posting of listOf(node.postings)) visit(posting, false)
        if (node.below === undefined || at >= length) return
        node = node.below.get(value.charCodeAt(from === 'start' ? at : last - at))
        if (node === undefined || node.text.length > length - at) return
        const { text } = node
        for (let of = 1; of < text.length; of++) {
          const letter = value.charCodeAt(from === 'start' ? at + of : last - at - of)
          if (letter !== text.charCodeAt(of)) return
        }
        at += text.length
      }
    },
  }
}

/** The node of a key, made if need be. */
function nodeAt(root: Node, key: string): Node {
  let node = root
  for (let at = 0; at < key.length; ) {
    node.below ??= new Map()
    const first = key.charCodeAt(at)
    const next = node.below.get(first)
    if (next === undefined) {
      const made = { text: key.slice(at), postings: undefined, below: undefined }
      node.below.set(first, made)
      return made
    }
    const shared = common(next.text, key, at)
    if (shared < next.text.length) {
      const between = { text: next.text.slice(0, shared), postings: undefined, below: new Map<number, Node>() }
      next.text = next.text.slice(shared)
      between.below.set(next.text.charCodeAt(0), next)
      node.below.set(first, between)
      node = between
    } else {
      node = next
    }
    at += shared
  }
  return node
}

/** How many code units of a text stand in the other one from a position on. */
function common(text: string, other: string, at: number): number {
  let shared = 0
  while (shared < text.length && at + shared < other.length && text[shared] === other[at + shared]) shared++
  return shared
}

/** The last code units, back to front. */
function reverse(text: string): string {
  let reversed = ''
  for (let at = text.length - 1; at >= Math.max(0, text.length - longest); at--) reversed += text[at]
  return reversed
}

/*
The fields that somebody reads, as a tree of names. A name of an event may itself hold dots and then stands for several
steps, so every node knows all spellings by which it and the nodes below can be reached within one object: "owner",
"owner.name", "owner.name.first". Fields are counted, so that a matcher can let go of those that nobody reads any more.
*/

export interface FieldNode {
  /** Position of this field's values in a reading; -1 where no field ends. */
  slot: number
  /** What an own key of an object at this node leads to. */
  readonly keys: Map<string, FieldNode>
  /** The same as a list, made when it is first read after a change. */
  spellings: readonly Spelling[] | undefined
  readonly children: Map<string, FieldNode>
  /** How often a field at or below this node was asked for. */
  uses: number
  /** How often this very field was. */
  ends: number
}

/** A name by which an object may hold a field. */
export interface Spelling {
  readonly key: string
  readonly next: FieldNode
  /** The part before the first dot, if there is one. */
  readonly first: string | undefined
}

export interface FieldTree {
  readonly root: FieldNode
  /** One more than the greatest slot in use. */
  readonly slots: number
  /** Asks for a field and gives its slot. */
  acquire(path: readonly string[]): number
  /** Takes one request back; with the last one the slot is free again. */
  release(path: readonly string[]): void
  /** The fields asked for, each once. */
  paths(): readonly (readonly string[])[]
}

export function createFieldTree(paths: readonly (readonly string[])[] = []): FieldTree {
  const root = createNode()
  const free: number[] = []
  let slots = 0
  let known: string[][] | undefined

  const tree: FieldTree = {
    root,
    get slots() {
      return slots
    },
    acquire(path) {
      const nodes = [root]
      for (const name of path) {
        const parent = nodes.at(-1) as FieldNode
        const node = parent.children.get(name) ?? createNode()
        parent.children.set(name, node)
        nodes.push(node)
      }
      for (const node of nodes) node.uses++
      forEachSpelling(path, (from, key, to) => {
        const node = nodes[from] as FieldNode
        if (node.keys.has(key)) return
        node.keys.set(key, nodes[to] as FieldNode)
        node.spellings = undefined
      })
      const end = nodes.at(-1) as FieldNode
      if (end.ends++ === 0) {
        end.slot = free.pop() ?? slots++
        known = undefined
      }
      return end.slot
    },
    release(path) {
      const nodes = [root]
      for (const name of path) nodes.push(nodes.at(-1)?.children.get(name) as FieldNode)
      const end = nodes.at(-1) as FieldNode
      if (--end.ends === 0) {
        free.push(end.slot)
        end.slot = -1
        known = undefined
      }
      for (const node of nodes) node.uses--
      forEachSpelling(path, (from, key, to) => {
        const node = nodes[from] as FieldNode
        if (nodes[to]?.uses === 0 && node.keys.delete(key)) node.spellings = undefined
      })
      for (const [index, name] of path.entries()) if (nodes[index + 1]?.uses === 0) nodes[index]?.children.delete(name)
      if (root.uses === 0) {
        slots = 0
        free.length = 0
      }
    },
    paths() {
      known ??= [...pathsBelow(root, [])]
      return known
    },
  }
  for (const path of paths) tree.acquire(path)
  return tree
}

function createNode(): FieldNode {
  return { slot: -1, keys: new Map(), spellings: undefined, children: new Map(), uses: 0, ends: 0 }
}

/** The names by which an object at this node may hold a field. */
export function spellingsOf(node: FieldNode): readonly Spelling[] {
  node.spellings ??= [...node.keys].map(([key, next]) => {
    const dot = key.indexOf('.')
    return { key, next, first: dot < 0 ? undefined : key.slice(0, dot) }
  })
  return node.spellings
}

function forEachSpelling(path: readonly string[], visit: (from: number, key: string, to: number) => void): void {
  for (let from = 0; from < path.length; from++) {
    for (let to = from + 1; to <= path.length; to++) visit(from, path.slice(from, to).join('.'), to)
  }
}

function* pathsBelow(node: FieldNode, path: string[]): Generator<string[]> {
  if (node.ends > 0) yield path
  for (const [name, child] of node.children) yield* pathsBelow(child, [...path, name])
}

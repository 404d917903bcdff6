import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** One file of the repository; `path` is relative to its root, with slashes. */
export interface File {
  readonly path: string
  readonly text: string
}

/** A workspace package as the rules see it. */
export interface Package {
  /** The folder's own name, as in the table of floors: 'protocol', 'demo', 'e2e'. */
  readonly name: string
  /** 'packages/protocol' */
  readonly folder: string
  readonly manifest: Manifest
  /** Its TypeScript files, tests included. */
  readonly sources: readonly Source[]
}

export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface Source extends File {
  readonly tree: ts.SourceFile
  /** Tests and test data may do more than sources. */
  readonly isTest: boolean
}

export interface House {
  readonly files: readonly File[]
  readonly packages: readonly Package[]
}

const left = new Set(['node_modules', 'dist', '.turbo', '.git'])
const read = /\.(ts|mts|mjs|js)$|(^|\/)(package\.json|README\.md)$/
const isTestPath = (path: string): boolean => /\.test(-d)?\.ts$|\/testdata\//.test(path)

/** Sorts files into packages. The house is a function of the files given, so that a rule can be tried on four lines. */
export function houseOf(files: readonly File[]): House {
  const packages = files.flatMap((file) => {
    const [, folder] = /^((?:packages|apps)\/[^/]+|e2e)\/package\.json$/.exec(file.path) ?? []
    if (folder === undefined) return []
    const own = files.filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith('.ts'))
    const manifest = JSON.parse(file.text) as Manifest
    return [{ name: folder.replace(/^.*\//, ''), folder, manifest, sources: own.map(parse) }]
  })
  return { files, packages }
}

function parse(file: File): Source {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  return { ...file, tree, isTest: isTestPath(file.path) }
}

/** Reads the files of a checkout that rules look at. */
export function readFiles(root: string): readonly File[] {
  const walk = (folder: string): readonly File[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return left.has(entry.name) || entry.name.startsWith('.readme-') ? [] : walk(path)
      return read.test(path) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : []
    })
  return ['packages', 'apps', 'e2e', 'scripts'].filter((top) => existsSync(join(root, top))).flatMap(walk)
}

/** The root folder of this checkout. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** 'path:line' of a place in a source, for messages. */
export function placeOf(source: Source, node: ts.Node): string {
  return `${source.path}:${source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1}`
}

/** Every node of a source, outer ones first. */
export function nodesOf(source: Source): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source.tree)
  return nodes
}

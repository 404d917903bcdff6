import ts from 'typescript'
import { nodesOf, type Package, placeOf, type Source } from './tree.js'

/** One module that a source names, however it does so. */
export interface Import {
  /** As written: './emit.js', '@recordcast/protocol/wire', 'node:fs'. */
  readonly specifier: string
  /** `import('…')` as an expression. */
  readonly isDynamic: boolean
  /** Leaves nothing behind at run time. */
  readonly isType: boolean
  readonly source: Source
  /** 'path:line' */
  readonly place: string
}

/** Where an import leads. */
export type Target =
  | { readonly kind: 'relative' }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'workspace'; readonly name: string; readonly door: string }
  | { readonly kind: 'npm'; readonly name: string }

/** Every import of a package: statements, re-exports, `import()`, `import('…').Type` and `require`. */
export function importsOf(pkg: Package): readonly Import[] {
  return pkg.sources.flatMap((source) => nodesOf(source).flatMap((node) => importAt(source, node) ?? []))
}

function importAt(source: Source, node: ts.Node): Import | undefined {
  const found = namedModule(node)
  if (found === undefined) return undefined
  const { module, ...kind } = found
  return { isDynamic: false, isType: false, ...kind, specifier: module.text, source, place: placeOf(source, node) }
}

type Found = { module: ts.StringLiteralLike; isDynamic?: boolean; isType?: boolean }

function namedModule(node: ts.Node): Found | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteralLike(node.moduleSpecifier)) {
    return { module: node.moduleSpecifier, isType: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword }
  }
  if (
    ts.isExportDeclaration(node) &&
    node.moduleSpecifier !== undefined &&
    ts.isStringLiteralLike(node.moduleSpecifier)
  ) {
    return { module: node.moduleSpecifier, isType: node.isTypeOnly }
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteralLike(node.argument.literal)
  ) {
    return { module: node.argument.literal, isType: true }
  }
  if (ts.isCallExpression(node)) {
    const [argument] = node.arguments
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
    const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
    if ((isImport || isRequire) && argument !== undefined && ts.isStringLiteralLike(argument)) {
      return { module: argument, isDynamic: isImport }
    }
  }
  return undefined
}

/** Sorts a specifier. A workspace package goes by its folder name, as in the table of floors. */
export function targetOf(specifier: string): Target {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return { kind: 'relative' }
  if (specifier.startsWith('node:')) return { kind: 'builtin', name: specifier.slice('node:'.length) }
  const [, scope = '', name = '', rest = ''] = /^(@[^/]+\/)?([^/]+)(.*)$/.exec(specifier) ?? []
  if (scope === '@recordcast/' || (scope === '' && name === 'recordcast')) {
    return { kind: 'workspace', name, door: `.${rest}` }
  }
  return { kind: 'npm', name: scope + name }
}

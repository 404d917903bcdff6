import ts from 'typescript'
import { appFloor, floorOf } from './floors.js'
import { doorsOf } from './manifest-rules.js'
import type { Rule } from './rule.js'
import { type House, nodesOf, type Package, placeOf, type Source } from './tree.js'

const mostLines = 200
const mostNames = 12

/** Applies one check to every node of the house's sources; tests are left out. */
function forEachNode(check: (node: ts.Node, source: Source, pkg: Package) => string | undefined) {
  return ({ packages }: House): readonly string[] =>
    packages.flatMap((pkg) =>
      pkg.sources
        .filter(({ isTest }) => !isTest)
        .flatMap((source) =>
          nodesOf(source).flatMap((node) => {
            const offence = check(node, source, pkg)
            return offence === undefined ? [] : [`${placeOf(source, node)} ${offence}`]
          }),
        ),
    )
}

const isApp = ({ name }: Package): boolean => (floorOf(name) ?? 0) >= appFloor
const mayBeProcess = (pkg: Package, path: string): boolean =>
  isApp(pkg) && (pkg.name === 'e2e' || /\/src\/(config|main|server)\.ts$/.test(path))

const processParts = /^(env|argv|exit|exitCode|abort|kill|on|once|off|addListener|prependListener|stdin|stdout|stderr)$/

/** What a node does with the process as a whole, if anything. */
function processUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const { expression, name } = node
    if (!ts.isIdentifier(expression)) return undefined
    if (expression.text === 'process' && processParts.test(name.text)) return `uses process.${name.text}`
    if (expression.text === 'console') return `uses console.${name.text}`
    if (expression.text === 'globalThis' && /^(process|console)$/.test(name.text)) return `uses ${name.text}`
  }
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'process') {
    return 'uses process[…]'
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isIdentifier(node.initializer)) {
    if (/^(process|console)$/.test(node.initializer.text)) return `takes ${node.initializer.text} apart`
  }
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    if (/^(node:)?(process|console)$/.test(node.moduleSpecifier.text)) return `imports ${node.moduleSpecifier.text}`
  }
  return undefined
}

const clocks = /^(Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|Promise|fetch|process|console)$/

/** What a node has of a clock, I/O or a promise, if anything. */
function impurity(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return node.moduleSpecifier.text.startsWith('node:') ? `imports ${node.moduleSpecifier.text}` : undefined
  }
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) return 'is asynchronous'
  if (!ts.isIdentifier(node) || !clocks.test(node.text)) return undefined
  const { parent } = node
  const isMember = (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node
  return isMember || ts.isPropertySignature(parent) ? undefined : `uses ${node.text}`
}

/** How many names an export statement lets in; undefined for one that does not say. */
function guests(node: ts.Statement): number | undefined {
  if (ts.isExportDeclaration(node)) {
    return node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
      ? node.exportClause.elements.length
      : undefined
  }
  if (ts.isExportAssignment(node)) return 1
  const isExported =
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  if (!isExported) return 0
  return ts.isVariableStatement(node) ? node.declarationList.declarations.length : 1
}

export const linesOf = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** Whether the ceiling holds for a file: tests and test data have none. */
export const hasCeiling = (path: string): boolean =>
  /\.(ts|mts|mjs|js)$/.test(path) && !/\.test(-d)?\.(ts|mjs)$|\/testdata\//.test(path)

export const sourceRules: readonly Rule[] = [
  {
    fact: 'a door is a guest list: names one by one, never export *',
    offences: ({ packages }) =>
      packages.flatMap((pkg) =>
        doorsOf(pkg).flatMap((door) =>
          door.tree.statements
            .filter((node) => guests(node) === undefined)
            .map((node) => `${placeOf(door, node)} does not say whom it lets in: ${node.getText(door.tree)}`),
        ),
      ),
  },
  {
    fact: `a door lets in at most ${mostNames} names`,
    offences: ({ packages }) =>
      packages.flatMap(doorsOf).flatMap(({ path, tree }) => {
        const count = tree.statements.reduce((sum, node) => sum + (guests(node) ?? 0), 0)
        return count > mostNames ? [`${path}:1 lets in ${count} names`] : []
      }),
  },
  {
    fact: `a file has at most ${mostLines} lines`,
    offences: ({ files }) =>
      files
        .filter(({ path, text }) => hasCeiling(path) && linesOf(text) > mostLines)
        .map(({ path, text }) => `${path}:${mostLines + 1} goes on to line ${linesOf(text)}: a second verb moved in`),
  },
  {
    fact: 'file names are kebab-case',
    offences: ({ files }) =>
      files
        .map(({ path }) => path)
        .filter(
          (path) => path.includes('/src/') && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(path.replace(/.*\//, '')),
        )
        .map((path) => `${path}:1 is not kebab-case`),
  },
  {
    fact: 'only config.ts, main.ts and server.ts of an app touch process or console',
    offences: forEachNode((node, { path }, pkg) => (mayBeProcess(pkg, path) ? undefined : processUse(node))),
  },
  {
    fact: 'the matcher has no clock, no I/O and no promise',
    offences: forEachNode((node, _source, { name }) => (name === 'matcher' ? impurity(node) : undefined)),
  },
]

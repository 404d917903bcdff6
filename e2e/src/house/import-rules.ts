import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import {
  appFloor,
  edges,
  floorOf,
  httpModules,
  lists,
  loadedOnDemand,
  npm,
  owners,
  testEdges,
  testNpm,
  witnesses,
} from './floors.js'
import { type Import, importsOf, targetOf } from './imports.js'
import type { Rule } from './rule.js'
import type { House, Package } from './tree.js'

/** Applies one check to every import of the house. */
function forEachImport(check: (found: Import, pkg: Package, house: House) => string | undefined) {
  return (house: House): readonly string[] =>
    house.packages.flatMap((pkg) =>
      importsOf(pkg).flatMap((found) => {
        const offence = check(found, pkg, house)
        return offence === undefined ? [] : [`${found.place} ${offence}`]
      }),
    )
}

const mayImport = (pkg: Package, isTest: boolean): readonly string[] => [
  ...(edges[pkg.name] ?? []),
  ...(isTest ? (testEdges[pkg.name] ?? []) : []),
]

export const importRules: readonly Rule[] = [
  {
    fact: 'imports between packages go along the edges of the house, downward',
    offences: forEachImport(({ specifier, source }, pkg) => {
      const target = targetOf(specifier)
      if (target.kind !== 'workspace' || target.name === pkg.name) return undefined
      const allowed = mayImport(pkg, source.isTest)
      if (allowed.includes(target.name)) return undefined
      return `${pkg.name} imports ${target.name}; it may import: ${allowed.join(', ') || 'no package'}`
    }),
  },
  {
    fact: 'a package is entered by its doors',
    offences: forEachImport(({ specifier }, _pkg, { packages }) => {
      const target = targetOf(specifier)
      if (target.kind !== 'workspace') return undefined
      const doors = Object.keys(packages.find(({ name }) => name === target.name)?.manifest.exports ?? {})
      if (doors.includes(target.door)) return undefined
      return `"${specifier}" is not a door of ${target.name}; its doors are: ${doors.join(', ') || 'none'}`
    }),
  },
  {
    fact: 'a relative import stays in its package and names a file that is there, ending in .js',
    offences: forEachImport(({ specifier, source }, pkg, { files }) => {
      if (targetOf(specifier).kind !== 'relative') return undefined
      if (!specifier.endsWith('.js')) return `"${specifier}" does not end in .js`
      const path = posix.join(posix.dirname(source.path), specifier)
      if (!path.startsWith(`${pkg.folder}/`)) return `"${specifier}" leaves ${pkg.folder}`
      const candidates = [path, path.replace(/\.js$/, '.ts')]
      return files.some((file) => candidates.includes(file.path)) ? undefined : `"${specifier}" leads to no file`
    }),
  },
  {
    fact: 'each package uses the npm packages that its row allows',
    offences: forEachImport(({ specifier, source }, pkg) => {
      const target = targetOf(specifier)
      if (target.kind !== 'npm' || builtinModules.includes(target.name)) return undefined
      const allowed = [...(npm[pkg.name] ?? []), ...(source.isTest ? testNpm : [])]
      if (lists(allowed, target.name)) return undefined
      return `${pkg.name} imports "${target.name}"; it may import: ${allowed.join(', ') || 'no npm package'}`
    }),
  },
  {
    fact: 'modules of Node.js are imported as node:',
    offences: forEachImport(({ specifier }) => {
      const target = targetOf(specifier)
      return target.kind === 'npm' && builtinModules.includes(target.name) ? `"${specifier}" lacks "node:"` : undefined
    }),
  },
  {
    fact: 'a client library has one driver that says its name',
    offences: forEachImport(({ specifier }, pkg) => {
      const owner = Object.entries(owners).find(([name]) =>
        lists([name], specifier.replace(/^([^@/]+)\/.*/, '$1')),
      )?.[1]
      return owner === undefined || [owner, ...witnesses].includes(pkg.name)
        ? undefined
        : `only ${owner} imports "${specifier}"`
    }),
  },
  {
    fact: 'the door loads drivers with a client library only when a URL asks for them',
    offences: forEachImport(({ specifier, isDynamic, isType, source }, pkg) => {
      const target = targetOf(specifier)
      if (pkg.name !== 'recordcast' || target.kind !== 'workspace' || source.isTest) return undefined
      if (!loadedOnDemand.includes(target.name) || isDynamic || isType) return undefined
      return `${target.name} is imported by a statement; import() it`
    }),
  },
  {
    fact: 'nothing below the apps knows that HTTP exists',
    offences: forEachImport(({ specifier }, pkg) => {
      if ((floorOf(pkg.name) ?? 0) >= appFloor) return undefined
      const target = targetOf(specifier)
      const isHttp = 'name' in target && target.kind !== 'workspace' && lists(httpModules, target.name)
      return isHttp ? `${pkg.name} imports "${specifier}"` : undefined
    }),
  },
]

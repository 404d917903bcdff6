import { edges, floorOf, lists, npm, peers, testEdges, testNpm } from './floors.js'
import { targetOf } from './imports.js'
import type { Rule } from './rule.js'
import type { House, Package } from './tree.js'

const sourceCondition = '@recordcast/source'

/** Applies one check to every package of the house. */
function forEachPackage(check: (pkg: Package, house: House) => readonly string[]) {
  return (house: House): readonly string[] =>
    house.packages.flatMap((pkg) => check(pkg, house).map((offence) => `${pkg.folder}/package.json ${offence}`))
}

/** The dependencies in one list of a manifest that are not allowed there. */
function strangers(
  list: Readonly<Record<string, string>> | undefined,
  packages: readonly string[],
  libraries: readonly string[],
) {
  return Object.keys(list ?? {}).filter((name) => {
    const target = targetOf(name)
    if (target.kind === 'workspace') return !packages.includes(target.name)
    return !lists(libraries, name.replace(/^@types\//, ''))
  })
}

export const manifestRules: readonly Rule[] = [
  {
    fact: 'every package stands on a floor',
    offences: forEachPackage(({ name }) =>
      floorOf(name) === undefined ? [`"${name}" has no row in the table of floors (e2e/src/house/floors.ts)`] : [],
    ),
  },
  {
    fact: 'a package is named after its folder',
    offences: forEachPackage(({ name, manifest }) => {
      const right = name === 'recordcast' ? name : `@recordcast/${name}`
      return manifest.name === right ? [] : [`is named "${manifest.name}", not "${right}"`]
    }),
  },
  {
    fact: 'dependencies follow the edges and the npm list',
    offences: forEachPackage(({ name, manifest }) => {
      const packages = edges[name] ?? []
      const libraries = npm[name] ?? []
      const inTests = [...packages, ...(testEdges[name] ?? [])]
      return [
        ...strangers(manifest.dependencies, packages, libraries),
        ...strangers(manifest.devDependencies, inTests, [...libraries, ...testNpm]),
        ...strangers(manifest.peerDependencies, packages, [...libraries, ...(peers[name] ?? [])]),
      ].map((stranger) => `depends on "${stranger}", which its row does not allow`)
    }),
  },
  {
    fact: 'the conditions of a door name one source',
    offences: forEachPackage(({ manifest }) =>
      Object.entries(manifest.exports ?? {}).flatMap(([door, conditions]) => {
        if (typeof conditions === 'string') return []
        const stem = conditions[sourceCondition]?.replace(/^\.\/src\/(.*)\.ts$/, '$1')
        const right = {
          [sourceCondition]: `./src/${stem}.ts`,
          types: `./dist/${stem}.d.ts`,
          default: `./dist/${stem}.js`,
        }
        const isRight = JSON.stringify(conditions) === JSON.stringify(right)
        return isRight ? [] : [`door "${door}" is ${JSON.stringify(conditions)}, not ${JSON.stringify(right)}`]
      }),
    ),
  },
  {
    fact: 'every package has a README.md',
    offences: forEachPackage(({ folder }, { files }) => {
      const isThere = files.some(({ path }) => path === `${folder}/README.md`)
      return isThere || !folder.startsWith('packages/') ? [] : ['has no README.md beside it']
    }),
  },
]

/** The sources of a package that are its doors. */
export function doorsOf({ folder, manifest, sources }: Package) {
  return Object.values(manifest.exports ?? {}).flatMap((conditions) => {
    const path = typeof conditions === 'string' ? conditions : conditions[sourceCondition]
    return sources.filter((source) => path !== undefined && source.path === `${folder}/${path.replace('./', '')}`)
  })
}

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { pnpm, run, runQuietly, tool } from './run.mjs'
import { readTarball } from './tarball.mjs'
import { publishedPackages, root } from './workspace.mjs'

const lanes = 2 // tarballs under examination at a time

/**
 * Packs every published package as a release would and examines what is in the tarball: publint for the manifest, attw
 * for the types of every door, and by hand that sourcemaps lead to sources, that licence and README are there and that
 * tests are not. The packages must be built.
 *
 * @returns one sentence for each thing that is wrong.
 */
export async function checkPackages() {
  const published = publishedPackages()
  const folder = mkdtempSync(join(tmpdir(), 'recordcast-pack-'))
  try {
    const filters = published.map(({ manifest }) => `--filter=${manifest.name}`)
    await runQuietly(pnpm(...filters, 'pack', '--pack-destination', folder), 'Packing')
    const tarballs = readdirSync(folder)
    const complaints = published.map(() => [])
    const lane = async (first) => {
      for (let at = first; at < published.length; at += lanes) {
        const { name, version } = published[at].manifest
        const tarball = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
        const found = tarballs.includes(tarball)
          ? await checkTarball(join(folder, tarball))
          : [`no tarball ${tarball} was packed`]
        complaints[at] = found.map((complaint) => `${name}: ${complaint}`)
      }
    }
    await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)))
    return complaints.flat()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkTarball(path) {
  const bytes = readFileSync(path)
  return [...(await lintManifest(bytes)), ...(await lintTypes(path)), ...checkContents(readTarball(bytes))]
}

async function lintManifest(bytes) {
  const { publint } = await import('publint')
  const { formatMessage } = await import('publint/utils')
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`)
}

async function lintTypes(path) {
  const chunks = []
  const flags = ['--profile', 'esm-only', '--no-definitely-typed', '--no-color', '--no-emoji', '--format', 'ascii']
  const code = await run(tool('attw', path, ...flags), { capture: (chunk) => chunks.push(chunk) })
  return code === 0 ? [] : [`attw: ${Buffer.concat(chunks).toString().trim()}`]
}

const unwanted = /\.test(-d)?\.|testdata\/|\.tsbuildinfo$/

/** What is wrong with the files of a tarball, given as path → contents. */
export function checkContents(files) {
  const complaints = []
  for (const wanted of ['LICENSE', 'README.md']) if (!files.has(wanted)) complaints.push(`no ${wanted} in the tarball`)
  for (const [path, body] of files) {
    if (unwanted.test(path)) complaints.push(`${path} does not belong in the tarball`)
    if (/\.js$|\.d\.ts$/.test(path) && path.startsWith('dist/') && !files.has(`${path}.map`))
      complaints.push(`${path} has no sourcemap`)
    if (!path.endsWith('.map')) continue
    const { sourceRoot = '', sources } = JSON.parse(body.toString())
    for (const source of sources) {
      const target = posix.join(posix.dirname(path), sourceRoot, source)
      if (!files.has(target)) complaints.push(`${path} leads to ${target}, which is not in the tarball`)
    }
  }
  if (!existsSync(join(root, 'LICENSE'))) complaints.push('the repository has no LICENSE')
  return complaints
}

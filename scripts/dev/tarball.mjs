import { gunzipSync } from 'node:zlib'

const block = 512

/** The files in a packed npm tarball: path below `package/` → contents. Knows no more of tar than npm and pnpm write. */
export function readTarball(bytes) {
  const tar = gunzipSync(bytes)
  const files = new Map()
  let longName
  for (let at = 0; at + block <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + block)
    const size = Number.parseInt(text(header, 124, 12), 8)
    const kind = text(header, 156, 1)
    const body = tar.subarray(at + block, at + block + size)
    if (kind === 'x') longName = /\d+ path=(.*)\n/.exec(body.toString())?.[1]
    else {
      const prefix = text(header, 345, 155)
      const name = longName ?? (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100)
      if (kind === '0' || kind === '') files.set(name.replace(/^package\//, ''), body)
      longName = undefined
    }
    at += block + Math.ceil(size / block) * block
  }
  return files
}

const text = (bytes, at, length) =>
  bytes
    .toString('utf8', at, at + length)
    .replace(/\0.*$/s, '')
    .trim()

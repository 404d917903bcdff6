#!/usr/bin/env node
// Committed, because a package manager links programs before anything is built.
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(main)) await import(main.href)
else {
  process.stderr.write('recordcast has not been built: npm run build\n')
  process.exitCode = 1
}

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What this process starts and writes must go with it, however it ends: by the last test, an exception, Ctrl-C or a
 * SIGKILL that no handler of its own survives. So the record is kept on disk, a file a process id, and a shell watches
 * over it whose only input is a pipe from here. The pipe ends with this process; then the shell kills what is on record,
 * each with its process group, and takes the folder away.
 */
const watch = `trap '' INT TERM HUP
while read -r _; do :; done
for record in "$1"/pids/*; do
  pid=$(basename "$record")
  kill -s KILL -- "-$pid" 2>/dev/null || kill -s KILL "$pid" 2>/dev/null
done
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf -- "$1" 2>/dev/null && break
  sleep 0.2
done`

/** The environment variable by which every process of ours, and whatever it starts in turn, is known. */
export const markName = 'RECORDCAST_E2E_ROOT'

let root: string | undefined

/** The folder that holds all of this process's scratch directories. The first call makes it and posts the guardian. */
export function guardedRoot(): string {
  if (root !== undefined) return root
  root = mkdtempSync(join(tmpdir(), 'recordcast-e2e-'))
  mkdirSync(join(root, 'pids'))
  const guardian = spawn('/bin/sh', ['-c', watch, 'recordcast-e2e-guardian', root], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guardian.unref()
  if (guardian.stdin !== null) (guardian.stdin as Socket).unref()
  return root
}

/** Puts a process on record. It must lead a process group of its own. */
export function guard(pid: number): void {
  writeFileSync(join(guardedRoot(), 'pids', String(pid)), '')
}

/** Takes a process that has ended off the record, before its id can be given to another. */
export function release(pid: number): void {
  rmSync(join(guardedRoot(), 'pids', String(pid)), { force: true })
}

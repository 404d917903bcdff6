import { type ChildOptions, startChild } from './child.js'

/**
 * Runs a command to its end.
 *
 * @returns what it wrote to stdout
 * @throws Error with both of its outputs if it did not end with 0
 */
export async function runToEnd(
  command: string,
  args: readonly string[],
  { env, cwd }: Omit<ChildOptions, 'stdio'>,
): Promise<string> {
  const child = startChild(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, { code, signal }] = await Promise.all([
    textOf(child.process.stdout),
    textOf(child.process.stderr),
    child.exited,
  ])
  if (code === 0) return stdout
  throw new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}: ${stderr.trim()} ${stdout.trim()}`)
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

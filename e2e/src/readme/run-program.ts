import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../house/tree.js'

export interface Outcome {
  /** Complaints of the compiler, 'program.ts:3 …'. Where there are any the program has not been run. */
  readonly complaints: readonly string[]
  readonly exitCode: number | null
  /** The lines of stdout. */
  readonly printed: readonly string[]
  readonly stderr: string
}

/**
 * Type-checks a program and runs it as a reader would who has installed the packages: against their built doors, in a
 * folder of its own inside e2e, from where `recordcast` resolves. The folder is taken away again.
 */
export async function runProgram(text: string, timeoutMs: number): Promise<Outcome> {
  const folder = mkdtempSync(join(root, 'e2e', '.readme-'))
  try {
    const path = join(folder, 'program.ts')
    writeFileSync(path, text)
    const complaints = compile(path)
    if (complaints.length > 0) return { complaints, exitCode: null, printed: [], stderr: '' }
    return { complaints, ...(await execute(join(folder, 'program.js'), timeoutMs)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compile(path: string): readonly string[] {
  const program = ts.createProgram([path], {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
  })
  const found = ts.getPreEmitDiagnostics(program)
  if (found.length === 0) program.emit()
  return found.map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1
    return `program.ts:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

async function execute(path: string, timeoutMs: number): Promise<Omit<Outcome, 'complaints'>> {
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
  const [stdout, stderr, exitCode] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }),
  ])
  return { exitCode, printed: stdout.split('\n').slice(0, -1), stderr }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

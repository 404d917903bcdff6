/** The first program of a README. */
export interface Program {
  readonly text: string
  /** 1-based line of the README on which the program's own first line stands. */
  readonly line: number
  /** What it says that it prints: its comments `// prints …`, in order. */
  readonly prints: readonly string[]
}

/** Takes the first ```ts block out of a README, as it stands there; undefined when there is none. */
export function firstProgram(readme: string): Program | undefined {
  const lines = readme.split('\n')
  const fence = lines.findIndex((line) => /^```ts\s*$/.test(line))
  const end = lines.findIndex((line, at) => at > fence && /^```\s*$/.test(line))
  if (fence === -1 || end === -1) return undefined
  const program = lines.slice(fence + 1, end)
  const prints = program.flatMap((line) => /(?:^|\s)\/\/ prints (.*?)\s*$/.exec(line)?.[1] ?? [])
  return { text: `${program.join('\n')}\n`, line: fence + 2, prints }
}

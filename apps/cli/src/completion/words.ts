import type { Command } from 'commander'

/** What may stand where: a command with what it takes. */
export interface Words {
  /** The command with the ones above it: 'parked ls'; '' for the program itself. */
  readonly path: string
  readonly summary: string
  readonly commands: readonly Pick<Words, 'path' | 'summary'>[]
  /** Its own and those of every command, long forms. */
  readonly options: readonly { readonly flag: string; readonly description: string; readonly takesValue: boolean }[]
  /** What its first argument may be, where that is a choice. */
  readonly choices: readonly string[]
}

/** Every command of a program, the program itself first. */
export function wordsOf(program: Command): readonly Words[] {
  const walk = (command: Command, above: string): readonly Words[] => {
    const path = command === program ? '' : `${above} ${command.name()}`.trim()
    const own = command.commands.map((each) => ({ path: `${path} ${each.name()}`.trim(), summary: each.summary() }))
    const options = [...command.options, ...(command === program ? [] : program.options)].flatMap((option) =>
      option.long
        ? [{ flag: option.long, description: option.description, takesValue: option.required || option.optional }]
        : [],
    )
    const choices = command.registeredArguments[0]?.argChoices ?? []
    const help = { flag: '--help', description: 'what it takes', takesValue: false }
    return [
      { path, summary: command.summary(), commands: own, options: [...options, help], choices },
      ...command.commands.flatMap((each) => walk(each, path)),
    ]
  }
  return walk(program, '')
}

/** The options of which the next word is a value, over all commands. */
export function valued(all: readonly Words[]): readonly string[] {
  return [
    ...new Set(all.flatMap(({ options }) => options.filter(({ takesValue }) => takesValue).map(({ flag }) => flag))),
  ]
}

export const lastName = (path: string): string => path.split(' ').at(-1) ?? path

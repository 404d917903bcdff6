import { lastName, type Words } from './words.js'

/** One line a word: fish knows by itself which commands stand before the cursor. */
export function fishScript(all: readonly Words[]): string {
  const lines = all.flatMap(({ path, commands, options, choices }) => {
    const here = `-n '${seen(
      path,
      commands.map((each) => lastName(each.path)),
    )}'`
    const words = commands.map(
      (each) => `complete -c recordcast -f ${here} -a ${lastName(each.path)} -d ${quoted(each.summary)}`,
    )
    const values = choices.map((choice) => `complete -c recordcast -f ${here} -a ${choice}`)
    const flags = options.map(
      ({ flag, description, takesValue }) =>
        `complete -c recordcast ${here} -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(description)}`,
    )
    return [...words, ...values, ...flags]
  })
  return `# fish completion for recordcast\ncomplete -c recordcast -f\n${lines.join('\n')}\n`
}

/** The command is there, and none of its own commands is yet. */
function seen(path: string, below: readonly string[]): string {
  const names = path === '' ? [] : path.split(' ')
  const none = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`]
  return [...names.map((name) => `__fish_seen_subcommand_from ${name}`), ...none].join('; and ') || 'true'
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

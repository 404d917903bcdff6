import { lastName, valued, type Words } from './words.js'

/** The words so far without options and their values make the path of a command; what may follow it is a case. */
export function bashScript(all: readonly Words[]): string {
  const cases = all.map(({ path, commands, options, choices }) => {
    const words = [...commands.map((each) => lastName(each.path)), ...choices, ...options.map(({ flag }) => flag)]
    return `    '${path}') words='${words.join(' ')}' ;;`
  })
  const known = all.map(({ path }) => `'${path}'`).join('|')
  return `# bash completion for recordcast
_recordcast() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path='' skip='' i word words
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      ${valued(all).join('|')}) skip=1; continue ;;
      -*) continue ;;
    esac
    case "\${path:+$path }$word" in
      ${known}) path="\${path:+$path }$word" ;;
    esac
  done
  # The value of an option: a file, most likely.
  if [[ -n $skip ]]; then COMPREPLY=($(compgen -f -- "$cur")); return; fi
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o filenames -F _recordcast recordcast
`
}

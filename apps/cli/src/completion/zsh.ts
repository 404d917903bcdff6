import { lastName, valued, type Words } from './words.js'

/** As for bash, with what each word means. */
export function zshScript(all: readonly Words[]): string {
  const cases = all.map(({ path, commands, options, choices }) => {
    const words = [
      ...commands.map((each) => described(lastName(each.path), each.summary)),
      ...choices.map((choice) => described(choice, '')),
      ...options.map(({ flag, description }) => described(flag, description)),
    ]
    return `    ('${path}') words_of=(${words.join(' ')}) ;;`
  })
  const known = all.map(({ path }) => `'${path}'`).join('|')
  return `#compdef recordcast
_recordcast() {
  local here='' skip='' word i
  local -a words_of
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      (${valued(all).join('|')}) skip=1; continue ;;
      (-*) continue ;;
    esac
    case "\${here:+$here }$word" in
      (${known}) here="\${here:+$here }$word" ;;
    esac
  done
  if [[ -n $skip ]]; then _files; return; fi
  case "$here" in
${cases.join('\n')}
  esac
  _describe 'recordcast' words_of
}
if [[ "\${funcstack[1]}" = _recordcast ]]; then _recordcast "$@"; else compdef _recordcast recordcast; fi
`
}

/** In single quotes; a colon parts the word from what it means. */
function described(word: string, meaning: string): string {
  const text = meaning === '' ? word : `${word.replaceAll(':', '\\:')}:${meaning}`
  return `'${text.replaceAll("'", `'\\''`)}'`
}

import { Argument, type Command } from 'commander'
import type { Call } from '../call/call.js'
import { bashScript } from '../completion/bash.js'
import { fishScript } from '../completion/fish.js'
import { wordsOf } from '../completion/words.js'
import { zshScript } from '../completion/zsh.js'
import { examples, type Runner } from './define.js'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const
type Shell = keyof typeof scripts

export function defineCompletion(program: Command, run: Runner): void {
  program
    .command('completion')
    .summary('a script that lets a shell complete commands and options')
    .description('Prints a script that lets a shell complete commands and options.')
    .addArgument(new Argument('<shell>', 'for which shell').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      examples(
        'completion bash > /etc/bash_completion.d/recordcast',
        'completion zsh > ~/.zsh/completions/_recordcast',
        'completion fish | source',
      ),
    )
    .action(run<object, [Shell]>((call: Call<object>, shell) => call.terminal.print(scripts[shell](wordsOf(program)))))
}

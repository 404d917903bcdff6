import { Command, Option } from 'commander'
import { numberFrom } from './call/globals.js'
import type { Terminal } from './call/terminal.js'
import { defineAdmin } from './commands/admin.js'
import { defineAttributes } from './commands/attributes.js'
import { defineCatalogue } from './commands/catalogue.js'
import { defineCheck } from './commands/check.js'
import { defineCompletion } from './commands/completion.js'
import type { Runner } from './commands/define.js'
import { defineEmit } from './commands/emit.js'
import { defineExplain } from './commands/explain.js'
import { defineImpact } from './commands/impact.js'
import { defineLs } from './commands/ls.js'
import { defineOrphans } from './commands/orphans.js'
import { defineParked } from './commands/parked/index.js'
import { definePause } from './commands/pause.js'
import { defineShow } from './commands/show.js'
import { defineTail } from './commands/tail.js'
import { defineWithdraw } from './commands/withdraw.js'

const footer = `
Exit codes:
  0    all is well
  1    what was looked for was found (a listener would break, lint complains), or what was asked for failed
  2    the arguments, or a document that they name, are wrong
  3    there is no broker there, or it does not answer in time
  4    no listener, source, record type, attribute or message has that name
  130  interrupted

Results go to stdout, everything else to stderr. Examples:
  $ export RECORDCAST_BROKER=nats://127.0.0.1:4222
  $ recordcast ls
  $ recordcast impact issue --remove author.login
`

/** Every command. @param terminal where help and complaints about arguments go */
export function createProgram(terminal: Terminal, version: string, run: Runner): Command {
  const program = new Command('recordcast')
    .description(
      'Who listens to what on the bus, why an event did or did not arrive, what is parked: the operator’s side.',
    )
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: terminal.tell,
      getOutHelpWidth: () => Math.min(terminal.width, 120),
      getErrHelpWidth: () => Math.min(terminal.width, 120),
    })
    .addOption(
      new Option(
        '--broker <url>',
        'amqp://… or nats://…; better in the environment, where no list of processes shows its password',
      ).env('RECORDCAST_BROKER'),
    )
    .addOption(
      new Option('--namespace <name>', 'what keeps environments apart on one broker')
        .env('RECORDCAST_NAMESPACE')
        .default('recordcast'),
    )
    .option('--json', 'results as JSON, errors too')
    .option('--no-color', 'no colours; so does NO_COLOR in the environment')
    .option('--timeout <seconds>', 'how long the broker and an answer may take', numberFrom(0.1, 3600), 15)
    .option('--by <name>', 'who does it, for the audit log; default who is logged in')
    .option('--verbose', 'what the driver reports, and stacks of errors')
    .addHelpText('after', footer)
  const commands = [
    ...[defineLs, defineShow, defineAttributes, defineImpact, defineCheck, defineExplain, defineParked, definePause],
    ...[defineWithdraw, defineOrphans, defineTail, defineEmit, defineCatalogue, defineAdmin, defineCompletion],
  ]
  for (const define of commands) define(program, run)
  return program
}

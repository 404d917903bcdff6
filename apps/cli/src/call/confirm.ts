import type { Call } from './call.js'
import { usage } from './exits.js'

/** What cannot be taken back wants the name once more: from --confirm, else from whoever sits there. @throws CliError usage */
export async function confirmName(
  { terminal }: Pick<Call<unknown>, 'terminal'>,
  queue: string,
  given: string | undefined,
  what: string,
): Promise<string> {
  if (given !== undefined && given !== queue) {
    throw usage(`${what} cannot be taken back, and --confirm names another listener`, `--confirm ${queue}`, {
      found: given,
    })
  }
  if (given !== undefined) return given
  if (!terminal.isInteractive) throw usage(`${what} cannot be taken back`, `--confirm ${queue}`)
  const typed = (await terminal.ask(`${what} cannot be taken back. Type "${queue}" to go on: `)).trim()
  if (typed === queue) return typed
  throw usage('That is another name; nothing was done', queue, { found: typed })
}

/** Asks whoever sits there, unless --yes was given. @throws CliError usage */
export async function confirmYes(
  { terminal }: Pick<Call<unknown>, 'terminal'>,
  given: boolean | undefined,
  question: string,
): Promise<void> {
  if (given) return
  if (!terminal.isInteractive) throw usage(`${question} Nobody is there to say so`, '--yes, or --dry-run to look only')
  const typed = (await terminal.ask(`${question} [y/N] `)).trim()
  if (!/^y(es)?$/i.test(typed)) throw usage('Nothing was done', 'y')
}

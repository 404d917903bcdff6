/** What a command sees of the world outside: whoever runs it in another process gives another one. */
export interface Terminal {
  /** Results, and nothing else: stdout. Resolves when it has been taken; writes nothing any more once the reader has gone. */
  print(text: string): Promise<void>
  /** Everything else: stderr. */
  tell(text: string): void
  /** Columns that a result may take; Infinity where no terminal shows it. */
  readonly width: number
  readonly colour: boolean
  /** Whether somebody sits there who can be asked. */
  readonly isInteractive: boolean
  /** Whether stderr is a terminal, where a line can be written over. */
  readonly isLive: boolean
  /** Everything on stdin. */
  readInput(): Promise<string>
  /** One line that somebody typed. Rejects when they went away instead. */
  ask(question: string): Promise<string>
  /** Tokens of the admin, a line each, where the environment has them. */
  readonly tokens: string | undefined
  /** Who sits there, for the audit log. */
  readonly user: string
  /** Aborted by Ctrl-C, by SIGTERM, and when the reader of the results has gone. */
  readonly interrupted: AbortSignal
}

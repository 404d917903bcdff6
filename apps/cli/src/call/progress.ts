import type { Terminal } from './terminal.js'

/** Says on stderr how far long work has come: in one line that is written over, or now and then a line where that is no terminal. */
export function createProgress(terminal: Terminal, everyMs = terminal.isLive ? 100 : 5000) {
  let last = Date.now()
  let shown = false
  return {
    at(text: string): void {
      const now = Date.now()
      if (now - last < everyMs) return
      last = now
      shown = true
      terminal.tell(terminal.isLive ? `\r\u001b[K${text}` : `${text}\n`)
    },
    end(): void {
      if (shown && terminal.isLive) terminal.tell('\r\u001b[K')
    },
  }
}

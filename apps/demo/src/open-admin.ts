import type { Broker } from 'recordcast'
import type { Out } from './report/out.js'

/** The operator's page and API beside the demo. A port that is taken is told, and the demo goes on without. @returns closes it */
export async function openAdmin(broker: Broker, port: number, out: Out): Promise<() => Promise<void>> {
  // Only who follows waits for its libraries.
  const { startAdmin } = await import('@recordcast/admin')
  try {
    const admin = await startAdmin({ broker, port })
    out.line()
    out.line(`  The operator's page is at ${out.strong(admin.url)} and its API at ${admin.url}/docs`)
    return () => admin.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    out.line()
    out.line(out.faint(`  Port ${port} is taken, so there is no operator's page; --admin-port chooses another.`))
    return async () => undefined
  }
}

import { RecordcastError } from '@recordcast/protocol'

/** Loads a driver on first use, so that nobody needs the client library of a broker that is not used. */
export async function loadDriver<M>(scheme: string, needed: readonly string[], load: () => Promise<M>): Promise<M> {
  try {
    return await load()
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    const packages = needed.join(' ')
    throw new RecordcastError(
      'driver-missing',
      `connect: ${scheme} needs packages that are not installed: npm install ${packages}`,
      {
        found: scheme,
        expected: `the packages ${needed.join(', ')}`,
        cause,
      },
    )
  }
}

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installPrograms } from './apt.mjs'
import { Failure } from './run.mjs'

const installLine = 'apt-get install -y --no-install-recommends chromium'
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const known = 'RECORDCAST_BROWSER is chromium (the default), or none, which leaves the tests of the page out.'

/** Whether the page is to be tested. Throws for a value that is none: a typo must not pass for a wish. */
export function selectedBrowser(selection = process.env.RECORDCAST_BROWSER) {
  if (selection && selection !== 'chromium' && selection !== 'none') {
    throw new Failure(`Unknown browser "${selection}". ${known}`)
  }
  return selection === 'none' ? 'none' : 'chromium'
}

/** What the closing lines say of it. */
export function sayBrowser(selected) {
  return selected === 'none'
    ? 'browser: NOT tested, because RECORDCAST_BROWSER=none leaves it out'
    : 'browser: chromium'
}

/** @returns the path of the chromium that RECORDCAST_CHROMIUM names, or else of the first on the PATH; undefined if there is none */
export function findChromium(path = process.env.PATH ?? '', chosen = process.env.RECORDCAST_CHROMIUM) {
  if (chosen) return isProgram(chosen) ? chosen : undefined
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Sees to it that the browser is there that the page is tested in, and answers with the environment that says where. One that is absent is
 * installed if that is possible here, which is said; else this throws a Failure with the line that does it.
 */
export async function readyBrowser(selected) {
  if (selected === 'none') return {}
  if (process.env.RECORDCAST_CHROMIUM && findChromium() === undefined) {
    throw new Failure(`RECORDCAST_CHROMIUM asks for ${process.env.RECORDCAST_CHROMIUM}, which is no program here`)
  }
  if (findChromium() === undefined) await installPrograms('Chromium', installLine)
  const found = findChromium()
  if (found !== undefined) return { RECORDCAST_CHROMIUM: found }
  throw new Failure(
    [
      'The tests of the page need Chromium, which is not installed here.',
      `On Debian: ${installLine}`,
      'Elsewhere: RECORDCAST_CHROMIUM names one. Without: RECORDCAST_BROWSER=none npm test, which leaves them out and says so.',
    ].join('\n'),
  )
}

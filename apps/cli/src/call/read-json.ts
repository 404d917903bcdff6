import { readFile } from 'node:fs/promises'
import { isJsonObject, type JsonObject } from '@recordcast/protocol/names'
import { usage } from './exits.js'
import type { Terminal } from './terminal.js'

/** Reads a JSON object from a file, or from stdin for `-`. @param what 'the schema' @throws CliError usage */
export async function readJsonFile(terminal: Terminal, file: string, what: string): Promise<JsonObject> {
  const from = file === '-' ? 'stdin' : `"${file}"`
  let text: string
  try {
    text = await (file === '-' ? terminal.readInput() : readFile(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read: ${message}`
    throw usage(`${from} ${why}`, `a file with ${what} as JSON, or - for stdin`)
  }
  return jsonObject(text, `${what} in ${from}`)
}

/** Reads a JSON object from an argument. @param what '--where' @throws CliError usage, saying where the text stops to be JSON */
export function jsonObject(text: string, what: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw usage(`${what} is no JSON: ${(error as Error).message}`, 'a JSON object', { found: text.slice(0, 64) })
  }
  if (isJsonObject(value)) return value
  throw usage(`${what} is no JSON object`, 'a JSON object', { found: text.slice(0, 64) })
}

import { type Message, TransportError } from '@recordcast/transport'
import { seal } from '../envelope.js'
import type { Party } from '../party.js'
import { store } from '../publish/store.js'
import { ensureBoard, placeOfBoard, subjectOfKey } from './bucket.js'

const nothing = new Uint8Array()

/** Puts a fact on the board, or a marker that it is gone. A board that was deleted underneath is made again. */
export async function announce(party: Party, board: string, key: string, fact: Message | null): Promise<void> {
  await known(party, board)
  const { stream } = placeOfBoard(party, board)
  const target = { stream, subject: subjectOfKey(party, board, key), name: `The board ${board}` }
  const sealed = seal(fact === null ? { id: key, headers: {} } : { id: fact.id, headers: fact.headers })
  const put = () => store(party, target, sealed, fact?.body ?? nothing, undefined, fact === null ? 'DEL' : undefined)
  if ((await put()) === 'stored') return
  await ensureBoard(party, board, () => party.state === 'open')
  if ((await put()) === 'gone') throw new TransportError('not-confirmed', `The board ${board} was deleted meanwhile.`)
}

/** Facts announced at once go out in order: all wait for the same look whether the board is there. */
function known(party: Party, board: string): Promise<void> {
  const looked =
    party.boards.get(board) ??
    ensureBoard(party, board).then(
      () => {},
      (error: unknown) => {
        party.boards.delete(board)
        throw error
      },
    )
  party.boards.set(board, looked)
  return looked
}

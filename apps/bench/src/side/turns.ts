import type { Measure } from '../measure.js'
import { RemoteSide } from './remote-side.js'
import type { Figures, RigSide } from './spec.js'

/** Runs two rigs in turns, each in a process of its own that is opened when it is first run. `figureOf` picks what is compared. */
export function inTurns(
  sides: { readonly ours: RigSide; readonly theirs: RigSide },
  figureOf: (figures: Figures, who: 'ours' | 'theirs') => number,
): Pick<Measure, 'ours' | 'theirs' | 'end'> {
  const ours = new RemoteSide(sides.ours)
  const theirs = new RemoteSide(sides.theirs)
  return {
    ours: async () => figureOf(await ours.tell({ run: 'rig' }), 'ours'),
    theirs: async () => figureOf(await theirs.tell({ run: 'rig' }), 'theirs'),
    end: async () => {
      await Promise.all([ours.close(), theirs.close()])
    },
  }
}

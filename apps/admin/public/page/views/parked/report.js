// @ts-check
import { h } from '../../dom/element.js'
import { countText, plural } from '../../parts/numbers.js'
import { problemBox, problemLine } from '../../parts/problem-box.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'replay'>} Report */

/**
 * What came of a replay or a drop.
 *
 * @param {Report} report
 * @returns {Node[]}
 */
export function reportOf({ action, replayed, dropped, failed, failures, problem }) {
  const did =
    action === 'replay' ? `${plural(replayed, 'message')} replayed.` : `${plural(dropped, 'message')} dropped.`
  return [
    ...(problem ? [problemBox(problem, { title: 'It ended before its time' })] : []),
    h('p', {}, h('strong', {}, did), failures > 0 && ` ${countText(failures)} failed and stay parked:`),
    ...(failed.length > 0
      ? [
          h(
            'ul',
            { class: 'lines' },
            failed.map(({ id, problem: why }) => h('li', {}, h('code', {}, id), ' ', problemLine(why))),
          ),
        ]
      : []),
  ]
}

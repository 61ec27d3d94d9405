import type {ClientSuiteResult} from '../../../probe/client/run-client-suite.js'
import type {TableStyle} from '../../../view/stats/table.js'
import {paragraph} from '../../../view/wrap.js'
import {countText} from '../../../wire/text/phrases.js'
import {disagreementTable} from './suite.js'

/** What the suite will do to a client, in one sentence. */
export const clientIntent = (cases: number): string =>
  `waits for a client, and sends it legal and wrong frames and packets in ${cases} cases, each on a connection of ` +
  'its own; the client will close many of them, and must connect again. Ctrl-C ends it'

/**
 * Whether all cases were tried for which the client is fit, and it did what its implementation does. That it does not
 * come back after a wrong handshake is what c-toxcore does.
 */
export const isAsKnown = ({end, behaviour: {like, disagreements}}: ClientSuiteResult): boolean =>
  (end === 'done' || (end === 'forgotten' && like === 'c-toxcore')) && like !== null && disagreements.length === 0

/** The verdict in one line. */
function clientVerdict(result: ClientSuiteResult): string {
  const {unfit, left, behaviour} = result
  const {like, tried, disagreements} = behaviour
  const count = disagreements.length
  const found = count === 0 ? 'no disagreement' : countText(count, 'disagreement')
  return [
    like === null
      ? 'no case was tried'
      : `the client behaves ${count === 0 ? '' : 'most '}like ${like}: ${found} in ${countText(tried, 'case')}`,
    ...(unfit.length > 0 ? [`${unfit.length} not tried, since it asks for no route`] : []),
    ...(left.length > 0 && like !== null ? [`${left.length} not tried`] : []),
    ...endClause(result),
  ].join('; ')
}

/** Why cases are left. */
function endClause({end, results, timeoutMilliseconds}: ClientSuiteResult): readonly string[] {
  const last = results.at(-1)
  const after = last ? ` after the case "${last.name}" (${last.outcome})` : ''
  const stayedAway = `the client did not come back within ${timeoutMilliseconds / 1000} s${after}`
  if (end === 'gone') return [`${stayedAway}: see --timeout`]
  if (end === 'forgotten')
    return [
      `${stayedAway}: c-toxcore forgets a relay whose handshake fails, until its application adds the relay again`,
    ]
  if (end === 'vain') return [`it connects without a handshake that opens and a pong${after}: does it have this key?`]
  return end === 'stopped' ? ['ended by a signal'] : []
}

/** The disagreements, and the verdict below them. */
export function clientSuiteText(result: ClientSuiteResult, style: TableStyle): string {
  const {disagreements} = result.behaviour
  const paint = isAsKnown(result) ? style.theme.key : style.theme.error
  const verdict = paragraph(clientVerdict(result), style.width, paint)
  return `${disagreementTable('Client', disagreements, style)}${verdict}`
}

/** The result as `--json` prints it. */
export function clientSuiteJson(result: ClientSuiteResult) {
  const {end, results, unfit, left, behaviour} = result
  const {like, tried, disagreements, counts} = behaviour
  return {
    verdict: clientVerdict(result),
    agrees: isAsKnown(result),
    end,
    behaves_like: like,
    cases: tried,
    disagreement_counts: counts,
    disagreements,
    results: results.map(({needs: _, ...rest}) => rest),
    not_tried: [...unfit, ...left].map(({name, before}) => ({name, before})),
  }
}

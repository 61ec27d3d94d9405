import type {Behaviour, Disagreement} from '../../../probe/suite/behaviour.js'
import type {SuiteResult, suiteSize} from '../../../probe/suite/run-suite.js'
import type {RelayTarget} from '../../../probe/target.js'
import {addressText} from '../../../proxy/explicit/address.js'
import {type Column, type TableStyle, tableText} from '../../../view/stats/table.js'
import {paragraph} from '../../../view/wrap.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {countText} from '../../../wire/text/phrases.js'

/** What the suite will do to a relay, in one sentence. */
export const intentText = (relay: RelayTarget, {cases, connections}: ReturnType<typeof suiteSize>): string =>
  `runs ${cases} cases against ${addressText(relay)}: opens a connection or two for each, at most ` +
  `${connections} at a time, and sends legal and wrong frames and packets on them; the relay will close ` +
  'many of them, and send a few UDP packets to its own loopback address. Some cases wait for its own ping, which ' +
  'comes after 30 s'

/** `c-toxcore 0.2.14 to 0.2.18`. */
const modelText = ({like, versions}: Behaviour): string => (versions === '' ? like : `${like} ${versions}`)

/** Services that are on or off: `, onion on, forwarding off`. */
const servicesText = ({services}: Behaviour): string =>
  (['onion', 'forwarding'] as const)
    .flatMap(name => (services[name] === null ? [] : [`, ${name} ${services[name] ? 'on' : 'off'}`]))
    .join('')

/** The verdict in one line. */
function suiteVerdict(relay: RelayTarget, behaviour: Behaviour): string {
  const {disagreements, cases} = behaviour
  const untried = disagreements.filter(({outcome}) => outcome === null).length
  const count = disagreements.length - untried
  const like = `${addressText(relay)} behaves ${count === 0 ? '' : 'most '}like ${modelText(behaviour)}`
  const found = count === 0 ? 'no disagreement' : countText(count, 'disagreement')
  const tried = `${like}${servicesText(behaviour)}: ${found} in ${countText(cases - untried, 'case')}`
  if (untried === cases) return `${addressText(relay)}: no case was tried: the relay did not serve their connections`
  const left = `${untried} not tried, since the relay did not serve their connections (it may limit them)`
  return untried === 0 ? tried : `${tried}; ${left}`
}

const disagreementColumns = (end: 'Relay' | 'Client'): readonly Column<Disagreement>[] => [
  {head: 'Case', text: ({name, before}) => (before === 'free' ? name : `${name} (${before})`)},
  {head: end, text: ({outcome}) => outcome ?? 'not tried'},
  {head: 'Expected', text: ({expected}) => expected},
  {head: 'Rules', least: 12, drop: 1, text: ({rules, problem}) => problem || rules.join(', ')},
]

/** A table of all disagreements; empty if there are none. @param end the heading of what the probed end did. */
export const disagreementTable = (
  end: 'Relay' | 'Client',
  disagreements: readonly Disagreement[],
  style: TableStyle,
): string =>
  disagreements.length === 0 ? '' : tableText(disagreementColumns(end), disagreements, style, disagreements.length)

/** The disagreements, and the verdict below them. */
export function suiteText(relay: RelayTarget, {behaviour}: SuiteResult, style: TableStyle): string {
  const {disagreements} = behaviour
  const paint = disagreements.length === 0 ? style.theme.key : style.theme.error
  const verdict = paragraph(suiteVerdict(relay, behaviour), style.width, paint)
  return `${disagreementTable('Relay', disagreements, style)}${verdict}`
}

/** The result as `--json` prints it. */
export function suiteJson(relay: RelayTarget, {behaviour, results}: SuiteResult) {
  const {like, versions, services, cases, disagreements, counts} = behaviour
  return {
    relay: {host: relay.host, port: relay.port, public_key: toHex(relay.publicKey)},
    verdict: suiteVerdict(relay, behaviour),
    agrees: disagreements.length === 0,
    behaves_like: like,
    versions: versions === '' ? null : versions,
    services,
    cases,
    disagreement_counts: counts,
    disagreements,
    results: results.map(({needs: _, ...rest}) => rest),
  }
}

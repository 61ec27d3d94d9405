import type {RelayProbe} from '../../../probe/relay-probe.js'
import {type StageResult, stages} from '../../../probe/stages.js'
import {addressText} from '../../../proxy/explicit/address.js'
import {keyText} from '../../../view/stats/quantities.js'
import {type Column, type TableStyle, tableText} from '../../../view/stats/table.js'
import type {Theme} from '../../../view/theme.js'
import {paragraph} from '../../../view/wrap.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {countText} from '../../../wire/text/phrases.js'
import {isKeyProved, relayKeyText} from './relay-key.js'
import {faultTexts, reasonText, verdictText} from './verdict.js'

const millisecondsText = (milliseconds: number | null): string => milliseconds?.toFixed(1) ?? ''

const stageColumns = ({theme}: TableStyle): readonly Column<StageResult>[] => [
  {head: 'Stage', text: ({stage}) => stages[stage]},
  {
    head: 'Result',
    text: ({outcome}) => (outcome === 'skipped' ? '-' : outcome),
    paint: ({outcome}) => paintOf(theme, outcome !== 'failed'),
  },
  {head: 'ms', isRight: true, text: ({milliseconds}) => millisecondsText(milliseconds)},
  {head: 'Detail', least: 20, drop: 1, text: ({detail}) => detail},
]

const paintOf = (theme: Theme, isGood: boolean): Theme['key'] => (isGood ? theme.key : theme.error)

/** The stages of one relay, rules that it broke, and the verdict below them. */
export function stagesText(probe: RelayProbe, style: TableStyle): string {
  const {relay, isHealthy, broken, ip} = probe
  const at = ip === null || ip === relay.host ? '' : ` (${ip})`
  const rules = broken.map(({code, message, count}) => `${code}: ${message}${count > 1 ? ` (${count} times)` : ''}`)
  const {width} = style
  const address = `${addressText(relay)}${at}`
  const key = relayKeyText(relay, isKeyProved(probe))
  const gap = address.length + 1 + key.length <= width || key.length > width ? ' ' : '\n'
  return [
    `${style.theme.head(addressText(relay))}${at}${gap}${key.length <= width ? key : keyText(key)}\n`,
    tableText(stageColumns(style), probe.stages, style),
    ...rules.map(rule => paragraph(rule, width)),
    paragraph(verdictText(probe), width, paintOf(style.theme, isHealthy)),
  ].join('')
}

const relayColumns = ({theme}: TableStyle): readonly Column<RelayProbe>[] => [
  {head: 'Relay', text: ({relay}) => addressText(relay)},
  {head: 'Key', drop: 1, text: ({relay}) => keyText(toHex(relay.publicKey))},
  {
    head: 'Verdict',
    text: ({fault}) => (fault === null ? 'healthy' : faultTexts[fault]),
    paint: ({isHealthy}) => paintOf(theme, isHealthy),
  },
  {head: 'Ping ms', isRight: true, text: ({pings}) => millisecondsText(pings?.mean ?? null)},
  {head: 'Reason', least: 20, drop: 2, text: reasonText},
]

/** One line for each relay, and their number as the last line. */
export function relaysText(probes: readonly RelayProbe[], style: TableStyle): string {
  const table = tableText(relayColumns(style), probes, style, probes.length)
  return `${table}${summaryText(probes)}\n`
}

/** `7 of 9 relays are healthy`. */
function summaryText(probes: readonly RelayProbe[]): string {
  const healthy = probes.filter(({isHealthy}) => isHealthy).length
  return `${healthy} of ${countText(probes.length, 'relay')} ${healthy === 1 ? 'is' : 'are'} healthy`
}

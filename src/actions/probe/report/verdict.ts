import type {Fault, RelayProbe} from '../../../probe/relay-probe.js'
import {stages} from '../../../probe/stages.js'
import {addressText} from '../../../proxy/explicit/address.js'

/** What is wrong, in two or three words. */
export const faultTexts: Readonly<Record<Fault, string>> = {
  unknown_name: 'unknown name',
  unreachable: 'unreachable',
  wrong_key: 'wrong key',
  not_tox: 'not Tox',
  closed: 'closes at once',
  silent: 'silent',
  box: 'box does not open',
  stage: 'stage failed',
  rule: 'rule broken',
}

/** The verdict in one line: `healthy: HOST:PORT passes every stage, ping 20.1 ms`, or what is wrong and where. */
export function verdictText(probe: RelayProbe): string {
  const {relay, isHealthy, pings} = probe
  const ping = pings ? `, ping ${pings.mean.toFixed(1)} ms` : ''
  if (isHealthy) return `healthy: ${addressText(relay)} passes every stage${ping}`
  const fault = probe.fault === null || probe.fault === 'stage' ? '' : `${faultTexts[probe.fault]}: `
  return `not healthy: ${addressText(relay)}: ${fault}${reasonText(probe)}`
}

/** Why a relay is not healthy; empty if it is. May quote bytes of the relay. */
export function reasonText({fault, failedStage, stages: results, broken}: RelayProbe): string {
  const detail = results.find(({outcome}) => outcome === 'failed')?.detail ?? ''
  const rules = broken.map(({code, message}) => `${message} (${code})`).join(', ')
  if (fault === null) return ''
  if (fault === 'rule') return rules
  if (fault !== 'stage') return detail
  return [`"${failedStage === null ? '' : stages[failedStage]}" failed: ${detail}`, rules].filter(Boolean).join('; ')
}

import {effectsOf, type Finding} from '../expert/finding.js'
import {receiversOf} from '../expert/peers.js'
import {receiverTitles} from '../expert/receivers.js'
import {compareSeverity, type Effect, type Severity} from '../expert/rule.js'
import {type SessionRecord, severityIn} from '../session/record.js'
import type {Sender} from '../wire/side.js'

/** A finding as a list shows it. */
export interface ShortFinding {
  readonly severity: Severity
  readonly code: string
}

/** What a list shows of a record's findings: all but chat, worst first. */
export function shortFindings(record: SessionRecord): ShortFinding[] {
  const {findings} = record
  if (findings.length === 0) return []
  return findings
    .map(found => ({severity: severityIn(record, found), code: found.code}))
    .filter(({severity}) => severity !== 'chat')
    .sort((a, b) => compareSeverity(b.severity, a.severity))
}

/** What a receiver does, as the predicate of a sentence. */
export const effectLabels: Readonly<Record<Effect, string>> = {
  closes: 'closes',
  closes_peer: 'closes the other connection',
  discards: 'discards it',
  accepts: 'accepts',
}

/** What receivers do about a finding: `c-toxcore relay closes; tox-rs relay accepts`. Empty where all accept. */
export function effectsText(found: Finding, from: Sender | null): string {
  const effects = effectsOf(found)
  const does = receiversOf(from).map(receiver => ({receiver, effect: effects[receiver] ?? 'accepts'}))
  if (does.every(({effect}) => effect === 'accepts')) return ''
  return does.map(({receiver, effect}) => `${receiverTitles[receiver]} ${effectLabels[effect]}`).join('; ')
}

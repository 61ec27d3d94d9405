import {effectsOf, messageOf} from '../../expert/finding.js'
import {receiversOf} from '../../expert/peers.js'
import {receiverTitles} from '../../expert/receivers.js'
import type {Receiver} from '../../expert/rule.js'
import {effects, receivers, severities} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import {blamed, severityIn} from '../../session/record.js'
import {type FilterName, name, none, type Read} from './name.js'

const effectWords = Object.keys(effects)
const effectsFor =
  (receiver: Receiver): Read =>
  record =>
    record.findings.length > 0 && receiversOf(blamed(record)).includes(receiver)
      ? record.findings.map(found => effectsOf(found)[receiver] ?? 'accepts')
      : none

/** Names of what a record's findings say. */
export const ofFindings = (): readonly FilterName[] => [
  name(
    'finding.code',
    'text',
    'Rule that the packet breaks.',
    r => (r.findings.length > 0 ? r.findings.map(found => found.code) : none),
    {
      words: [...ruleTable.keys()],
    },
  ),
  name(
    'finding.severity',
    'severity',
    `Severity of the rule: ${severities.join(' < ')}.`,
    r => (r.findings.length > 0 ? r.findings.map(found => severityIn(r, found)) : none),
    {
      words: severities,
    },
  ),
  name('finding.message', 'text', 'The sentence about it.', r =>
    r.findings.length > 0 ? r.findings.map(messageOf) : none,
  ),
  ...receivers.map(receiver =>
    name(
      `finding.effect.${receiver}`,
      'text',
      `What a ${receiverTitles[receiver]} does with the packet.`,
      effectsFor(receiver),
      {
        words: effectWords,
      },
    ),
  ),
]

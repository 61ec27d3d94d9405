import {type Effects, type Group, type Receiver, type Rule, severityMeaning} from '../../../expert/rule.js'
import {ruleTable} from '../../../expert/rules.js'
import {types} from '../../../protocol/table.js'
import {frequencyFacts, frequencyText} from '../frequency.js'
import {indent, type Page} from '../page.js'
import {ruleFacts, wholeRule, writeRules} from '../rule-text.js'
import type {Topic} from './topic.js'
import {rulesOn} from './type-topic.js'

const typesWith = (code: string): string[] => types.filter(type => rulesOn(type).includes(code)).map(type => type.name)
const inGroup = (group: Group): string[] =>
  [...ruleTable].filter(([, rule]) => rule.group === group).map(([code]) => code)

export function ruleTopic(code: string, rule: Rule): Topic {
  const {group, about, advice, severity, effect, source, needsOrder = false} = rule
  return {
    kind: 'rule',
    name: code,
    brief: about,
    get facts() {
      return {
        ...ruleFacts(wholeRule(code)),
        kind: 'rule',
        name: code,
        severity_reason: severityMeaning[severity],
        needs_order: needsOrder,
        types: typesWith(code),
        how_common: frequencyFacts(code, rule),
      }
    },
    write(page) {
      page.title(code, `rule, ${group}`)
      page.text(about)
      page.line()
      page.item(severity, severityMeaning[severity], severity.length, page.theme[severity])
      if (needsOrder) page.text('Needs the exact order of both directions; not raised where that order is inferred.')
      page.head('What receivers do')
      writeEffects(page, effect)
      page.head('What to do')
      page.text(advice, indent)
      page.head('How common')
      page.text(frequencyText(code, rule), indent)
      const broken = typesWith(code)
      if (broken.length > 0) {
        page.head('Broken by')
        page.text(broken.join(', '), indent)
      }
      page.head('Source')
      page.text(source === '-' ? 'toxtcp itself' : source, indent)
      page.head(`Other rules of the group ${group}`)
      page.text(
        inGroup(group)
          .filter(other => other !== code)
          .join(', '),
        indent,
      )
    },
  }
}

const column = 13

/** A table of effects by implementation and end; a dash where the packet does not get there. */
function writeEffects(page: Page, effect: Effects): void {
  const cell = (receiver: Receiver): string => effect[receiver] ?? '-'
  const row = (...texts: string[]): void =>
    page.line(
      ' '.repeat(indent) +
        texts
          .map(text => text.padEnd(column))
          .join('')
          .trimEnd(),
    )
  if (Object.keys(effect).length === 0) {
    page.text('No receiver reacts.', indent)
    return
  }
  row('', 'relay', 'client')
  row('c-toxcore', cell('c_toxcore_relay'), cell('c_toxcore_client'))
  row('tox-rs', cell('tox_rs_relay'), cell('tox_rs_client'))
}

export function groupTopic(group: Group): Topic {
  const codes = inGroup(group)
  return {
    kind: 'group',
    name: group,
    brief: `${codes.length} rules`,
    facts: {kind: 'group', name: group, rules: codes.map(wholeRule).map(ruleFacts)},
    write(page) {
      page.title(group, `group of ${codes.length} rules`)
      writeRules(page, codes.map(wholeRule))
    },
  }
}

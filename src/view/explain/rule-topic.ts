import {type Effects, type Group, type Receiver, type Rule, severityMeaning} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import {types} from '../../protocol/table.js'
import {indent, type Page} from './page.js'
import {ruleFacts, wholeRule, writeRules} from './rule-text.js'
import type {Topic} from './topic.js'
import {rulesOn} from './type-topic.js'

const typesWith = (code: string): string[] => types.filter(type => rulesOn(type).includes(code)).map(type => type.name)
const inGroup = (group: Group): string[] =>
  [...ruleTable].filter(([, rule]) => rule.group === group).map(([code]) => code)

export function ruleTopic(code: string, rule: Rule): Topic {
  const {group, about, severity, effect, source, needsOrder = false} = rule
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
      }
    },
    write(page) {
      page.title(code, `rule, ${group}`)
      page.text(about)
      page.line()
      page.item(severity, severityMeaning[severity], severity.length, page.theme[severity])
      if (needsOrder) page.text('It rests on the order between both sides, and is not raised where that is a guess.')
      page.head('What receivers do')
      writeEffects(page, effect)
      const broken = typesWith(code)
      if (broken.length > 0) {
        page.head('Broken by')
        page.text(broken.join(', '), indent)
      }
      page.head('Source')
      page.text(source === '-' ? 'toxtcp itself: it says what the bytes at hand do not show' : source, indent)
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

/** Implementations by end; a dash where the packet never gets there. */
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
    page.text('Nothing: no receiver minds.', indent)
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

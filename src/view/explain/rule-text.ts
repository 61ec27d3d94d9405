import {type Effect, effects, type Receiver, type Rule, receivers} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import type {Page} from './page.js'
import {indent} from './page.js'
import type {Facts} from './topic.js'

/** `c_toxcore_relay` as people say it. */
export const receiverText = (receiver: Receiver): string =>
  receiver.replace('c_toxcore_', 'c-toxcore ').replace('tox_rs_', 'tox-rs ')

/** What each receiver that a rule names does, by effect: `closes: c-toxcore relay, tox-rs relay; discards: ...`. */
function effectsText({effect}: Rule): string {
  const parts = (Object.keys(effects) as Effect[]).flatMap(word => {
    const named = receivers.filter(receiver => effect[receiver] === word)
    return named.length > 0 ? [`${word}: ${named.map(receiverText).join(', ')}`] : []
  })
  return parts.length > 0 ? parts.join('; ') : 'no receiver minds'
}

/** A rule inside another explanation. */
export const ruleFacts = (code: string): Facts => {
  const {group, severity, about, effect, source} = ruleTable.get(code)!
  return {code, group, severity, about, effect: {...effect}, source}
}

/** Rules one below the other, each with what receivers do. */
export function writeRules(page: Page, codes: readonly string[]): void {
  for (const code of codes) {
    const rule = ruleTable.get(code)!
    page.line(`${' '.repeat(indent)}${page.theme[rule.severity](rule.severity.padEnd(5))} ${code}`)
    page.text(rule.about, 4 * indent)
    page.text(effectsText(rule), 4 * indent, page.theme.faint)
  }
}

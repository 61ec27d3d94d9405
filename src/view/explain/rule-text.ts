import {receiverTitles} from '../../expert/receivers.js'
import {type Effect, type Effects, effects, receivers} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import type {Page} from './page.js'
import {indent} from './page.js'
import type {Facts} from './topics/topic.js'

/** A rule with the part of its effect that a page shows: on all receivers, or on some of them. */
export interface ShownRule {
  readonly code: string
  readonly effect: Effects
}

/** A rule with its effect on all receivers. */
export const wholeRule = (code: string): ShownRule => ({code, effect: ruleTable.get(code)!.effect})

/** Receivers by effect: `closes: c-toxcore relay, tox-rs relay; discards: ...`. */
function effectsText(effect: Effects): string {
  const parts = (Object.keys(effects) as Effect[]).flatMap(word => {
    const named = receivers.filter(receiver => effect[receiver] === word)
    return named.length > 0 ? [`${word}: ${named.map(receiver => receiverTitles[receiver]).join(', ')}`] : []
  })
  return parts.length > 0 ? parts.join('; ') : 'no receiver reacts'
}

/** A rule as facts. */
export const ruleFacts = ({code, effect}: ShownRule): Facts => {
  const {group, severity, about, advice, source} = ruleTable.get(code)!
  return {code, group, severity, about, advice, effect: {...effect}, source}
}

/** Writes rules one below the other, each with what receivers do. */
export function writeRules(page: Page, rules: readonly ShownRule[]): void {
  for (const {code, effect} of rules) {
    const {severity, about} = ruleTable.get(code)!
    page.line(`${' '.repeat(indent)}${page.theme[severity](severity.padEnd(5))} ${code}`)
    page.text(about, 4 * indent)
    page.text(effectsText(effect), 4 * indent, page.theme.faint)
  }
}

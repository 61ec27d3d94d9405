import type {Finding, Rule, Severity} from './rule.js'
import {captureRules} from './rules/capture.js'
import {dataRules} from './rules/data.js'
import {forwardingRules} from './rules/forwarding.js'
import {framingRules} from './rules/framing.js'
import {handshakeRules} from './rules/handshake.js'
import {liveRules} from './rules/live.js'
import {onionRules} from './rules/onion.js'
import {oobRules} from './rules/oob.js'
import {packetRules} from './rules/packet.js'
import {pingRules} from './rules/ping.js'
import {routeRules} from './rules/route.js'

/** The rule table. PROTOCOL notes beside each group say where its effects were read or measured. */
export const rules = {
  ...handshakeRules,
  ...framingRules,
  ...packetRules,
  ...routeRules,
  ...dataRules,
  ...pingRules,
  ...oobRules,
  ...onionRules,
  ...forwardingRules,
  ...captureRules,
  ...liveRules,
}

export type RuleCode = keyof typeof rules
type DataOf<C extends RuleCode> = Parameters<(typeof rules)[C]['say']>[0]

/** Every rule by its code, in the order of the documentation. */
export const ruleTable: ReadonlyMap<string, Rule> = new Map(Object.entries(rules as unknown as Record<string, Rule>))

/** Makes a finding; the rule says which data its sentence needs. */
export const finding = <C extends RuleCode>(
  code: C,
  data: DataOf<C>,
  place: Pick<Finding, 'range' | 'of'> = {},
): Finding => ({code, data, ...place})

const ruleOf = (found: Finding): Rule => ruleTable.get(found.code)!
export const severityOf = (found: Finding): Severity => ruleOf(found).severity
export const messageOf = (found: Finding): string => ruleOf(found).say(found.data)
export const effectsOf = (found: Finding): Rule['effect'] => ruleOf(found).effect
export const needsOrder = (found: Finding): boolean => ruleOf(found).needsOrder === true

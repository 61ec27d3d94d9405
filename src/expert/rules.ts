import type {Rule} from './rule.js'
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

/** Every rule by its code, in the order of the documentation. */
export const ruleTable: ReadonlyMap<string, Rule> = new Map(Object.entries(rules))

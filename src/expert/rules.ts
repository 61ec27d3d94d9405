import type {Rule} from './rule.js'
import {captureRules} from './rules/capture.js'
import {connectionIdRules} from './rules/connection-id.js'
import {dataRules} from './rules/data.js'
import {forwardingRules} from './rules/forwarding.js'
import {framingRules} from './rules/framing.js'
import {handshakeRules} from './rules/handshake.js'
import {innerRules} from './rules/inner.js'
import {liveRules} from './rules/live.js'
import {onionRules} from './rules/onion.js'
import {oobRules} from './rules/oob.js'
import {packetRules} from './rules/packet.js'
import {pingRules} from './rules/ping.js'
import {routeRules} from './rules/route.js'
import {sealingRules} from './rules/sealing.js'

/** Every rule by its code, with the types of its data. Each names the sources that its effects were read in. */
export const rules = {
  ...handshakeRules,
  ...framingRules,
  ...sealingRules,
  ...packetRules,
  ...routeRules,
  ...connectionIdRules,
  ...dataRules,
  ...pingRules,
  ...oobRules,
  ...onionRules,
  ...forwardingRules,
  ...innerRules,
  ...captureRules,
  ...liveRules,
}

export type RuleCode = keyof typeof rules

/** Every rule by its code, in the order in which `explain` lists them. */
export const ruleTable: ReadonlyMap<string, Rule> = new Map(Object.entries(rules))

/** Characters of the longest code. A table keeps room for it: a code that is cut cannot be explained. */
export const longestCode = (): number => Math.max(...[...ruleTable.keys()].map(({length}) => length))

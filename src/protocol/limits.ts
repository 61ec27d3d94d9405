import type {Limit} from './limits/limit.js'
import {messengerLimits} from './limits/messenger-limits.js'
import {ownLimits} from './limits/own-limits.js'
import {payloadLimits} from './limits/payload-limits.js'
import {relayLimits} from './limits/relay-limits.js'

/** Limits of the protocol as real peers apply them. */
export const protocolLimits = {...relayLimits, ...payloadLimits, ...messengerLimits} as const satisfies Record<
  string,
  Limit
>

type Numbers<T> = {readonly [K in keyof T]: number}
const numbers = <T extends Record<string, Limit>>(table: T): Numbers<T> =>
  Object.fromEntries(Object.entries(table).map(([name, {value}]) => [name, value])) as Numbers<T>

/** The value of every limit by its name. Layouts, checks and sentences take their numbers from here. */
export const limits = {...numbers(protocolLimits), ...numbers(ownLimits)}

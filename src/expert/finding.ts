import type {Fields} from '../wire/field.js'
import {offsetOf, type PacketType, sizeBounds} from '../wire/packet.js'
import type {Range} from '../wire/window.js'
import type {Rule, Severity} from './rule.js'
import {type RuleCode, type rules, ruleTable} from './rules.js'

/** What the sentence of a rule is made from. */
export type FindingData<C extends RuleCode> = Parameters<(typeof rules)[C]['say']>[0]

/** Where a finding points to. */
export interface FindingPlace {
  /** Half-open, in the record's plaintext, or in its wire bytes if `of` says so. */
  readonly range?: Range
  readonly of?: 'wire'
}

/** A finding of one rule. */
export interface FindingOf<C extends RuleCode> extends FindingPlace {
  readonly code: C
  readonly data: FindingData<C>
}

/**
 * A rule broken in one record. `code` tells which rule, and so the type of `data`. Its sentence is made when it is
 * printed.
 */
export type Finding = {readonly [C in RuleCode]: FindingOf<C>}[RuleCode]

/**
 * The place of a field that has one place and one size in all packets of its type.
 * @param shift offset of the packet's first byte, for one that is carried by another.
 */
export function at<F extends Fields>(type: PacketType<F>, field: keyof F & string, shift = 0): FindingPlace {
  const start = offsetOf(type, field) + shift
  const spec = type.fields[field]!
  // The id byte adds no bytes to its packet, and so has no size of its own.
  const [size, most] = spec.kind === 'id' ? [1, 1] : sizeBounds(spec)
  if (size !== most) throw new Error(`${field} of ${type.name} does not have one size in all packets`)
  return {range: [start, start + size]}
}

/** The place of a packet's id. */
export const atId: FindingPlace = {range: [0, 1]}

/** Makes a finding; the rule says which data its sentence needs. */
export const finding = <C extends RuleCode>(code: C, data: FindingData<C>, place: FindingPlace = {}): FindingOf<C> => ({
  code,
  data,
  ...place,
})

const ruleOf = (found: Finding): Rule => ruleTable.get(found.code)!
export const severityOf = (found: Finding): Severity => ruleOf(found).severity
export const messageOf = (found: Finding): string => ruleOf(found).say(found.data)
export const effectsOf = (found: Finding): Rule['effect'] => ruleOf(found).effect
export const needsOrder = (found: Finding): boolean => ruleOf(found).needsOrder === true

/** No findings: one array for all that have none. */
export const noFindings: readonly Finding[] = []

/** Both lists after one another; without a new array where one of them is empty. */
export const joined = (first: readonly Finding[], second: readonly Finding[]): readonly Finding[] =>
  first.length === 0 ? second : second.length === 0 ? first : [...first, ...second]

import type {Fields} from '../wire/field.js'
import {offsetOf, type PacketType, sizeBounds} from '../wire/packet.js'
import type {Sender} from '../wire/side.js'
import type {Range} from '../wire/window.js'
import {areReceiversKnown, isOfCToxcore, type Peers, peersOf, receiversOf, unknownPeers} from './peers.js'
import {type Effect, leastSevere, type Receiver, type Rule, type Severity, severityAmong} from './rule.js'
import {type RuleCode, type rules, ruleTable} from './rules.js'

/** Data of a rule's findings: the values in its sentence. */
export type FindingData<C extends RuleCode> = Parameters<(typeof rules)[C]['say']>[0]

/** The bytes that a finding is about. */
export interface FindingPlace {
  /** Half-open range in the record's plaintext, or in its wire bytes if `of` is `wire`. */
  readonly range?: Range
  readonly of?: 'wire'
}

/** A finding of one rule. */
export interface FindingOf<C extends RuleCode> extends FindingPlace {
  readonly code: C
  readonly data: FindingData<C>
}

/**
 * A rule broken in one record. `code` names the rule and determines the type of `data`. The sentence is made when
 * the finding is printed.
 */
export type Finding = {readonly [C in RuleCode]: FindingOf<C>}[RuleCode]

/**
 * Range of a field whose offset and size are the same in all packets of its type.
 * @param shift offset of the packet's first byte, for a packet that is carried by another.
 */
export function at<F extends Fields>(type: PacketType<F>, field: keyof F & string, shift = 0): FindingPlace {
  const start = offsetOf(type, field) + shift
  const spec = type.fields[field]!
  // The id byte adds no bytes to its packet, and so has no size of its own.
  const [size, most] = spec.kind === 'id' ? [1, 1] : sizeBounds(spec)
  if (size !== most) throw new Error(`${field} of ${type.name} does not have one size in all packets`)
  return {range: [start, start + size]}
}

/** Range of a packet's id. */
export const atId: FindingPlace = {range: [0, 1]}

/** Makes a finding of a rule, with the data that the rule's sentence needs. */
export const finding = <C extends RuleCode>(code: C, data: FindingData<C>, place: FindingPlace = {}): FindingOf<C> => ({
  code,
  data,
  ...place,
})

const ruleOf = (found: Finding): Rule => ruleTable.get(found.code)!

const bothCToxcore = peersOf('c_toxcore', 'c_toxcore')

/**
 * How severe a finding is: by its rule, or, where it is known which implementation receives the packet, by what that
 * one does. Where what would show that was missed, nothing is held against a packet that c-toxcore accepts.
 * @param from who sent the packet; null: unknown.
 */
export function severityOf(found: Finding, from: Sender | null = null, peers: Peers = unknownPeers): Severity {
  const rule = ruleOf(found)
  if (areReceiversKnown(from, peers)) return severityAmong(rule, receiversOf(from, peers))
  if (peers.isPartial !== true) return rule.severity
  return leastSevere(rule.severity, severityAmong(rule, receiversOf(from, bothCToxcore)))
}

/**
 * Receivers of a side's packets that react so to what was found, of those that the peers may be. Where what would show
 * which they are was missed, nobody is said to react as tox-rs alone does.
 */
export function receiversReacting(found: Finding, effect: Effect, from: Sender, peers: Peers): readonly Receiver[] {
  const reacting = receiversOf(from, peers).filter(receiver => effectsOf(found)[receiver] === effect)
  const isCertain = areReceiversKnown(from, peers) || peers.isPartial !== true
  return isCertain || reacting.some(isOfCToxcore) ? reacting : []
}

export const messageOf = (found: Finding): string => ruleOf(found).say(found.data)
export const groupOf = (found: Finding): Rule['group'] => ruleOf(found).group
export const effectsOf = (found: Finding): Rule['effect'] => ruleOf(found).effect
export const needsOrder = (found: Finding): boolean => ruleOf(found).needsOrder === true

/** The empty list of findings, shared. */
export const noFindings: readonly Finding[] = []

/** Both lists, one after the other. Returns one of them unchanged where the other is empty. */
export const joined = (first: readonly Finding[], second: readonly Finding[]): readonly Finding[] =>
  first.length === 0 ? second : second.length === 0 ? first : [...first, ...second]

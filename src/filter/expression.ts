import type {Place} from './filter-error.js'

/**
 * Part of a value: from `start` (negative: from the end), `length` bytes or up to `last` inclusive; with neither, to
 * the end.
 */
export interface Slice {
  readonly start: number
  readonly length?: number
  readonly last?: number
}

/** A field's name or a literal. What it is depends on the other side of its test. */
export interface Operand extends Place {
  /** string: in quotes, with escapes unread. raw: the characters between `r"` and `"`. */
  readonly kind: 'word' | 'string' | 'raw'
  readonly text: string
  /** Each a list of parts that are put together; applied one after the other. */
  readonly slices: readonly (readonly Slice[])[]
}

export const comparisons = ['==', '!=', '<', '<=', '>', '>='] as const
export type Comparison = (typeof comparisons)[number]

interface Test {
  readonly left: Operand
  /** True if all values must hold, and there is at least one; false if one that holds is enough. */
  readonly every: boolean
}

export interface ComparisonTest extends Test {
  readonly kind: 'compare'
  readonly operator: Comparison
  readonly right: Operand
}

export interface SearchTest extends Test {
  readonly kind: 'contains' | 'matches'
  readonly right: Operand
}

/** Membership; a member with two operands is a range, both ends included. */
export interface MemberTest extends Test {
  readonly kind: 'in'
  readonly members: readonly (readonly [Operand] | readonly [Operand, Operand])[]
}

interface Presence {
  readonly kind: 'present'
  readonly left: Operand
}

/** A display filter, read. */
export type Expression =
  | {readonly kind: 'or' | 'xor' | 'and'; readonly parts: readonly Expression[]}
  | {readonly kind: 'not'; readonly part: Expression}
  | ComparisonTest
  | SearchTest
  | MemberTest
  | Presence

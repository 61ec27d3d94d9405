import type {Finding} from '../expert/finding.js'
import type {Range} from '../wire/window.js'

/** One line of a record's tree, with what is below it. Text is not escaped yet. */
export interface Node {
  readonly title: string
  /** The filter name of a field: its packet type and its own name. */
  readonly name?: string | undefined
  /** Its value or state in words; can be empty. */
  readonly text: string
  /** Half-open range in the record's plaintext, or in its wire bytes if `of` is `wire`. */
  readonly range?: Range | undefined
  readonly of?: 'wire' | undefined
  /** The part of the range outside of all children: an id byte. */
  readonly own?: Range | undefined
  /** Whether it is worked out, not read. */
  readonly inferred?: true | undefined
  /** Meaning of the text, for its colour. */
  readonly role?: 'key' | 'sealed' | 'broken' | undefined
  /** Findings about this node that are not about a child. */
  readonly findings: readonly Finding[]
  /** Children, built again on each call. */
  children(): readonly Node[]
}

export const noChildren = (): readonly Node[] => []

/** A line of what is worked out. */
export const inferredNode = (title: string, text: string, role?: Node['role']): Node => ({
  title,
  text,
  inferred: true,
  ...(role && {role}),
  findings: [],
  children: noChildren,
})

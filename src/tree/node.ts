import type {Finding} from '../expert/finding.js'
import type {Range} from '../wire/window.js'

/** One line of a record's tree, with what is below it. Text is not escaped yet. */
export interface Node {
  readonly title: string
  /** Its value or state in words; may be empty. */
  readonly text: string
  /** Half-open, in the record's plaintext, or in its wire bytes if `of` says so. */
  readonly range?: Range | undefined
  readonly of?: 'wire' | undefined
  /** The part of range that belongs to no child: an id byte. */
  readonly own?: Range | undefined
  /** Worked out, not read. */
  readonly inferred?: true | undefined
  /** What the text is, for colours. */
  readonly role?: 'key' | 'sealed' | 'broken' | undefined
  /** What is wrong here, and nowhere below. */
  readonly findings: readonly Finding[]
  /** Built anew on each call. */
  children(): readonly Node[]
}

export const noChildren = (): readonly Node[] => []

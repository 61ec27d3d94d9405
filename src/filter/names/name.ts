import type {SessionRecord} from '../../session/record.js'
import type {Kind, Value} from '../values.js'

/** A name that filters, `-e` and completion know. */
export interface FilterName {
  readonly name: string
  readonly kind: Kind
  readonly about: string
  /** Every possible value, if they are words. */
  readonly words?: readonly string[]
  /** Bytes of each value, if that is fixed. */
  readonly size?: number
  /** True if a filter may compare the first bytes of a value alone: `key == 8f01`. */
  readonly isStart?: boolean
  /** True if a filter also looks at the values in the handshakes of the record's connection. */
  readonly hasConnection?: boolean
  /** Its values in one record, in the order of the bytes; empty if the record has none. */
  values(record: SessionRecord): readonly Value[]
}

export const none: readonly Value[] = []
export const optional = (value: Value | null | undefined): readonly Value[] =>
  value === null || value === undefined ? none : [value]

/** Reads a name's values from a record. */
export type Read = (record: SessionRecord) => readonly Value[]

/** Declares a name. */
export const name = (
  text: string,
  kind: Kind,
  about: string,
  values: Read,
  more: Pick<FilterName, 'words' | 'size' | 'isStart' | 'hasConnection'> = {},
): FilterName => ({
  name: text,
  kind,
  about,
  values,
  ...more,
})

import type {SessionRecord} from '../../session/record.js'
import {InputError} from '../../wire/input-error.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'
import {type Value, valueText} from '../values.js'
import type {FilterName} from './name.js'
import {recordNames} from './record-names.js'
import {typeFieldNames} from './type-names.js'

let byName: ReadonlyMap<string, FilterName> | undefined

/** Made when a name is first looked up: most runs look up none. */
const table = (): ReadonlyMap<string, FilterName> => {
  byName ??= new Map([...recordNames(), ...typeFieldNames()].map(entry => [entry.name, entry]))
  return byName
}

/** Every name, those of all records first, then each type's. */
export const filterNames = (): string[] => [...table().keys()]

/** @returns undefined for a name that does not exist. */
export const findName = (text: string): FilterName | undefined => table().get(text)

/** @throws InputError for a name that does not exist, with the nearest ones. */
export function filterName(text: string): FilterName {
  const found = table().get(text)
  if (!found)
    throw new InputError(
      `unknown field "${text}"`,
      didYouMean(text, nearest(text, table().keys())) ?? 'toxtcp explain filter lists all names',
      'unknown-name',
    )
  return found
}

/**
 * Values of a name in one record, in the order of the bytes; empty where the record has none.
 * @throws InputError for a name that does not exist.
 */
export const fieldValues = (record: SessionRecord, text: string): readonly Value[] => filterName(text).values(record)

/** The values as text: bytes in lower-case hex, addresses as host and port, times in UTC. */
export function fieldTexts(record: SessionRecord, text: string): string[] {
  const {kind, values} = filterName(text)
  return values(record).map(value => valueText(kind, value))
}

import {findName} from '../../filter/names/names.js'
import {type Kind, type Value, valueText} from '../../filter/values.js'
import {typeNamed} from '../../protocol/table.js'
import type {SessionRecord} from '../../session/record.js'
import {toHex} from '../../wire/hex/hex-bytes.js'

/** Characters of a string in a filter that are written as escapes. */
const escaped = /["\\]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function quoted(text: string): string {
  const units = (found: string) =>
    Array.from({length: found.length}, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
  return `"${text.replace(escaped, found => (found === '"' || found === '\\' ? `\\${found}` : units(found)))}"`
}

/** A value as a filter writes it; undefined: it cannot be written. */
function literalOf(kind: Kind, value: Value): string | undefined {
  if (kind === 'bytes') return (value as Uint8Array).length === 0 ? undefined : toHex(value as Uint8Array)
  if (kind === 'text') return quoted(value as string)
  return kind === 'time' ? `"${valueText(kind, value)}"` : valueText(kind, value)
}

/**
 * The filter that a record matches because of one value.
 * @param name a packet type, or a field's name.
 * @param occurrence number of the value among those of that name, from 0.
 * @returns undefined where filters know no such name.
 */
export function filterOfValue(record: SessionRecord, name: string, occurrence = 0): string | undefined {
  const found = findName(name)
  if (!found) return undefined
  // The name of a packet type alone tests whether there is one.
  const value = typeNamed(name) ? undefined : found.values(record)[occurrence]
  const literal = value === undefined ? undefined : literalOf(found.kind, value)
  return literal === undefined ? name : `${name} == ${literal}`
}

/** How a filter and a test are put together. */
export type Joint = 'only' | 'and' | 'not' | 'or'

const hasAlternatives = (filter: string): boolean => /\|\||\^\^|\bor\b|\bxor\b/i.test(filter)

/** A filter that has one test more. */
export function joined(filter: string, test: string, joint: Joint): string {
  const own = joint === 'not' ? `!(${test})` : test
  if (filter === '' || joint === 'only') return own
  if (joint === 'or') return `${filter} || ${own}`
  return [filter, own].map(part => (hasAlternatives(part) && part !== `!(${test})` ? `(${part})` : part)).join(' && ')
}

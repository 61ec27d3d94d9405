import {levels} from '../../filter/levels.js'
import type {SessionRecord} from '../../session/record.js'
import {headlineOf} from '../../tree/headline.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {Sender} from '../../wire/side.js'
import {spans} from '../../wire/window.js'
import {escapeText} from '../escape.js'
import {shortFindings} from '../findings.js'

/** One fact of a record. */
export interface Part {
  readonly name: string
  readonly value: string
  /**
   * A key, nonce, address or chosen number: another one in its place says the same, as long as it is the same
   * everywhere.
   */
  readonly isName: boolean
}

/** What a record says, apart from when it says it. */
export interface Said {
  readonly number: number
  readonly from: Sender
  /** What kind of thing it says: records with the same kind can be each other's counterpart. */
  readonly kind: string
  /** For people. */
  readonly text: string
  readonly parts: readonly Part[]
}

/** What a record says; undefined for the start of a connection, which neither end says. */
export function saidBy(record: SessionRecord): Said | undefined {
  const {number, from, kind, close, length, state, window} = record
  if (from === null || kind === 'start') return undefined
  const windows = levels(record)
  const findings = record.findings.map(({code}) => code).filter(code => !code.endsWith('-sealed'))
  const parts: Part[] = windows.flatMap((each, level) =>
    spans(each)
      // What carries the next level says nothing beyond it.
      .filter(({complete}, index) => complete && !(index === each.type.tail && level < windows.length - 1))
      .map(({spec, name, range: [start, end]}) => {
        const isName = spec.kind === 'ip_port' || (spec.kind === 'bytes' && spec.role !== 'data')
        const hex = toHex(each.bytes, each.start + start, each.start + end)
        const value = spec.kind === 'box' ? `${end - start} bytes sealed` : hex
        return {name: `${each.type.name}.${name}`, value, isName}
      }),
  )
  const facts = {
    state,
    length: window ? null : length,
    how: kind === 'end' ? close : null,
    findings: findings.join(' '),
  }
  for (const [name, value] of Object.entries(facts))
    if (value !== null) parts.push({name, value: String(value), isName: false})
  const shown = shortFindings(record).map(({severity, code}) => `${severity} ${code}`)
  const words = [from, headlineOf(record), ...(shown.length > 0 ? [`[${shown.join(', ')}]`] : [])]
  const types = windows.map(({type}) => type.name)
  return {number, from, kind: [kind, ...types].join(' '), text: escapeText(words.filter(Boolean).join(' ')), parts}
}

/** Names of one capture for those of the other: which key, nonce or number stands where. */
export class Renaming {
  readonly #toB = new Map<string, string>()
  readonly #toA = new Map<string, string>()

  /** Whether two names are each other's counterpart, which they are from their first meeting on. */
  isSame(a: string, b: string): boolean {
    const [known, back] = [this.#toB.get(a), this.#toA.get(b)]
    if (known === undefined && back === undefined) {
      this.#toB.set(a, b)
      this.#toA.set(b, a)
      return true
    }
    return known === b && back === a
  }
}

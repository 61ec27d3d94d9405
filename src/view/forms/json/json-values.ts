import type {FieldSpec} from '../../../wire/field.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {readField} from '../../../wire/read.js'
import type {Window} from '../../../wire/window.js'
import {jsonString} from '../../escape.js'

/**
 * Hex of a plaintext, of which levels and fields take parts. It is made at once where one of them is large; of a
 * message that is shown as text only keys and numbers before it are wanted.
 */
export class PlaintextHex {
  readonly #window: Window
  #text: string | undefined

  constructor(window: Window) {
    this.#window = window
  }

  /** Hex of bytes[from, to) of the buffer. */
  slice(from: number, to: number): string {
    const {bytes, start, end} = this.#window
    if (this.#text === undefined && (to - from) * smallParts < end - start) return toHex(bytes, from, to)
    this.#text ??= toHex(bytes, start, end)
    return this.#text.slice((from - start) * 2, (to - start) * 2)
  }
}

/** A part is small if this many of them do not make up the whole. */
const smallParts = 4

/** A field's JSON value. at, end: its bytes, all of which are there. */
export function valueJson(window: Window, index: number, hex: PlaintextHex, at: number, end: number): string {
  const {spec} = window.type.placed[index]!
  switch (spec.kind) {
    case 'bytes':
    case 'rest':
    case 'box':
      return `"${hex.slice(at, end)}"`
    case 'id':
      return String(window.bytes[window.start])
    case 'uint': {
      const value = readField(window.type, index, window.bytes, window.start, window.end)
      return spec.size === 8 ? `"${value}"` : String(value)
    }
    case 'ip_port':
    case 'node':
    case 'text':
    case 'zeros':
    case 'list':
    case 'struct':
      return compoundJson(spec, readField(window.type, index, window.bytes, window.start, window.end))
  }
}

/** A value as `readField` gives it, or a part of one. */
function compoundJson(spec: FieldSpec, value: unknown): string {
  switch (spec.kind) {
    case 'list':
      return `[${(value as readonly unknown[]).map(element => compoundJson(spec.of, element)).join(',')}]`
    case 'struct':
      return `{${Object.entries(value as Readonly<Record<string, unknown>>)
        .filter(([, part]) => part !== null)
        .map(([name, part]) => `${jsonString(name)}:${compoundJson(spec.fields[name]!, part)}`)
        .join(',')}}`
    case 'bytes':
    case 'rest':
    case 'box':
      return `"${toHex(value as Uint8Array)}"`
    case 'text':
      return jsonString(value as string)
    case 'uint':
      return spec.size === 8 ? `"${value}"` : String(value)
    default:
      // Numbers, and addresses from our own formatter: hex digits, dots and colons.
      return JSON.stringify(value)
  }
}

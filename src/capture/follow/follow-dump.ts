import {type End, type Endpoint, noBytes, type Time} from '../../wire/chunk.js'
import {caretPicture, type Line} from '../../wire/hex/hex-lines.js'
import {InputError} from '../../wire/input-error.js'
import * as limits from './limits.js'

/**
 * The form of a dump of one TCP stream. `raw`, `hex`, `yaml`: from tshark's follow and Wireshark's "Follow Stream";
 * `c_arrays`: from Wireshark; `tcpflow`, `tcpflow_json`: from tcpflow's console, in hex and JSON; `text2pcap`: hex
 * dumps after I and O lines; `text`: one of them as text, which loses bytes.
 */
export type FollowForm = 'raw' | 'hex' | 'yaml' | 'c_arrays' | 'tcpflow' | 'tcpflow_json' | 'text2pcap' | 'text'

/** Bytes of one end that the dump shows as one piece. */
export interface FollowSegment {
  readonly end: End
  /** null: the form has no times. */
  readonly time: Time | null
  /** May be empty in YAML. */
  readonly bytes: Uint8Array
  /** Number of bytes that the capture lacks here; then `bytes` is empty. Absent: none. */
  readonly missing?: number
  /** Number of the packet in the capture that the dump was made from. */
  readonly packet?: number
}

/**
 * Both sides of one connection, in the order of the dump. End 0 is peer (node) 0 of the dump or, in forms without
 * numbers, the one that sent first.
 */
export interface FollowDump {
  readonly form: FollowForm
  readonly peers: readonly [Endpoint | null, Endpoint | null]
  readonly segments: readonly FollowSegment[]
}

const markEnd = new TextEncoder().encode(' bytes missing in capture file]')

/**
 * Where `[27 bytes missing in capture file]` takes the place of the bytes, with a zero byte after it. Sealed bytes
 * read so by chance once in 2^240.
 */
function* missingMarks(bytes: Uint8Array): Generator<{from: number; to: number; missing: number}> {
  for (let at = indexOf(bytes, markEnd, 0); at >= 0; at = indexOf(bytes, markEnd, at + 1)) {
    let from = at
    while (from > 0 && isDigit(bytes[from - 1]!)) from--
    const missing = Number(new TextDecoder().decode(bytes.subarray(from, at)))
    const end = at + markEnd.length
    if (from === at || bytes[from - 1] !== 0x5b || !Number.isSafeInteger(missing)) continue
    yield {from: from - 1, to: bytes[end] === 0 ? end + 1 : end, missing}
  }
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

function indexOf(bytes: Uint8Array, part: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(part[0]!, from); at >= 0; at = bytes.indexOf(part[0]!, at + 1))
    if (part.every((byte, index) => bytes[at + index] === byte)) return at
  return -1
}

/** Collects the segments of one dump. */
export class FollowBuilder {
  readonly peers: [Endpoint | null, Endpoint | null] = [null, null]
  readonly segments: FollowSegment[] = []

  constructor(readonly form: FollowForm) {}

  /**
   * @param bytes perhaps with the words in which tshark and Wireshark say that bytes are missing.
   * @throws InputError over limits.followSegments.
   */
  add(end: End, bytes: Uint8Array, time: Time | null = null, packet?: number): void {
    let at = 0
    for (const {from, to, missing} of missingMarks(bytes)) {
      if (from > at) this.#push({end, time, bytes: bytes.subarray(at, from)}, packet)
      this.#push({end, time, bytes: noBytes, missing}, packet)
      at = to
    }
    if (at < bytes.length || at === 0) this.#push({end, time, bytes: bytes.subarray(at)}, packet)
  }

  #push(segment: FollowSegment, packet: number | undefined): void {
    if (this.segments.length >= limits.followSegments)
      throw new InputError(
        `the stream has over ${limits.followSegments} segments`,
        'toxtcp read reads a capture of any length',
        'file-too-long',
      )
    this.segments.push(packet === undefined ? segment : {...segment, packet})
  }
}

/** The error for a line of a dump, with a picture of the place. */
export function lineError(text: string, line: Line, column: number, problem: string): InputError {
  return new InputError(
    `line ${line.number} of the stream dump ${problem}`,
    caretPicture(text, line.start + column),
    'bad-stream',
  )
}

/** A node as tshark writes it: `127.0.0.1:47120`, `[::1]:34445`. */
export function endpointOf(host: string, port: string): Endpoint | null {
  const ip = host.replace(/^\[|\]$/g, '').toLowerCase()
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN
  return ip !== '' && number <= 65_535 ? {ip, port: number} : null
}

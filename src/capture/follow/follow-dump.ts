import type {End, Endpoint, Time} from '../../wire/chunk.js'
import {caretPicture, type Line} from '../../wire/hex/hex-lines.js'
import {InputError} from '../../wire/input-error.js'
import * as limits from './limits.js'

/**
 * How a dump of one TCP stream is written. `raw`, `hex`, `yaml`: tshark's follow and Wireshark's "Follow Stream";
 * `c_arrays`: Wireshark's; `tcpflow`, `tcpflow_json`: tcpflow's console in hex and JSON; `text2pcap`: hex dumps after I
 * and O lines; `text`: any of them as text, in which bytes are lost.
 */
export type FollowForm = 'raw' | 'hex' | 'yaml' | 'c_arrays' | 'tcpflow' | 'tcpflow_json' | 'text2pcap' | 'text'

/** Bytes that one end sent in one go, as far as the dump tells. */
export interface FollowSegment {
  readonly end: End
  /** null: this form has no times. */
  readonly time: Time | null
  /** May be empty in a YAML that says so. */
  readonly bytes: Uint8Array
  /** Number of the packet in the capture that the dump was made from. */
  readonly packet?: number
}

/**
 * Both sides of one connection in the order in which they spoke. End 0 is peer (node) 0 of the dump; where it numbers
 * none, who spoke first.
 */
export interface FollowDump {
  readonly form: FollowForm
  readonly peers: readonly [Endpoint | null, Endpoint | null]
  readonly segments: readonly FollowSegment[]
}

/** A dump as it grows. */
export class FollowBuilder {
  readonly peers: [Endpoint | null, Endpoint | null] = [null, null]
  readonly segments: FollowSegment[] = []

  constructor(readonly form: FollowForm) {}

  /** @throws InputError over limits.followSegments. */
  add(end: End, bytes: Uint8Array, time: Time | null = null, packet?: number): void {
    if (this.segments.length >= limits.followSegments)
      throw new InputError(`the dump has over ${limits.followSegments} segments`, 'read the capture file instead')
    this.segments.push(packet === undefined ? {end, time, bytes} : {end, time, bytes, packet})
  }
}

/** The mistake in a line of a dump, with a picture of its place. */
export function lineError(text: string, line: Line, column: number, problem: string): InputError {
  return new InputError(`line ${line.number} of the stream dump ${problem}`, caretPicture(text, line.start + column))
}

/** A node as tshark writes it: `127.0.0.1:47120`, `[::1]:34445`. */
export function endpointOf(host: string, port: string): Endpoint | null {
  const ip = host.replace(/^\[|\]$/g, '').toLowerCase()
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN
  return ip !== '' && number <= 65_535 ? {ip, port: number} : null
}

import type {End, Endpoint, Time} from '../../wire/chunk.js'
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

/** Collects the segments of one dump. */
export class FollowBuilder {
  readonly peers: [Endpoint | null, Endpoint | null] = [null, null]
  readonly segments: FollowSegment[] = []

  constructor(readonly form: FollowForm) {}

  /** @throws InputError over limits.followSegments. */
  add(end: End, bytes: Uint8Array, time: Time | null = null, packet?: number): void {
    if (this.segments.length >= limits.followSegments)
      throw new InputError(
        `the dump has over ${limits.followSegments} segments`,
        'read the capture file instead',
        'bad-stream',
      )
    this.segments.push(packet === undefined ? {end, time, bytes} : {end, time, bytes, packet})
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

import type {Packet} from '../../src/capture/packet.js'
import {PacketTracker} from '../../src/capture/packet-tracker.js'
import type {Shard} from '../../src/capture/shard.js'
import {flag} from '../../src/capture/tcp/tcp-segment.js'
import {putTcpFrame, routeOf} from '../../src/capture/write/tcp-frame.js'
import {type Collected, Collector} from './collect.js'
import {FrameList} from './frame-list.js'

export const v4 = [
  {ip: '10.0.0.1', port: 40000},
  {ip: '10.0.0.2', port: 33445},
] as const
export const v6 = [
  {ip: '2001:db8::1', port: 40000},
  {ip: '2001:db8::2', port: 33445},
] as const

const bits: Readonly<Record<string, number>> = {S: flag.syn, F: flag.fin, R: flag.rst, A: flag.ack, P: 8}

/** Flags from their letters. */
function flagsOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum | bits[letter]!, 0)
}

/** A segment to be put on the wire. */
export interface Sent {
  readonly from: 0 | 1
  readonly seq: number
  readonly ack?: number
  readonly flags?: string
  readonly data?: string | Uint8Array
  /** Time stamp and echoed time stamp. */
  readonly stamps?: readonly [number, number]
}

function stampOptions([stamp, echo]: readonly [number, number]): Uint8Array {
  const options = Buffer.from('0101080a0000000000000000', 'hex')
  options.writeUInt32BE(stamp, 4)
  options.writeUInt32BE(echo, 8)
  return options
}

/** The Ethernet frame of a segment. */
export function frameOf(
  sent: Sent,
  ends: readonly [{ip: string; port: number}, {ip: string; port: number}] = v4,
): Uint8Array {
  const {from, seq, ack = 0, flags = 'A', data = '', stamps} = sent
  const frames = new FrameList()
  const fields = {
    from,
    seq: seq >>> 0,
    ack: ack >>> 0,
    flags: flagsOf(flags),
    window: 65535,
    payload: Buffer.from(data),
    identification: 0,
  }
  putTcpFrame(routeOf(ends), stamps ? {...fields, options: stampOptions(stamps)} : fields, frames)
  return frames.bytes
}

/** A capture that is played to a tracker, packet by packet. */
export class Wire {
  readonly collector = new Collector()
  readonly tracker: PacketTracker
  micros = 1_000_000
  #number = 0

  /** @param shard only its connections are followed; default: all. */
  constructor(shard?: Shard) {
    this.tracker = new PacketTracker(shard)
  }

  /** One captured packet. @returns the number of its connection. */
  packet(bytes: Uint8Array, fields: Partial<Packet> = {}): number {
    this.micros += 10
    const time = {micros: this.micros, nanos: 0}
    const packet = {
      kind: 'packet' as const,
      number: ++this.#number,
      time,
      linkType: 1,
      bytes,
      start: 0,
      end: bytes.length,
      originalLength: bytes.length,
      offset: 1000 * this.#number,
      interfaceId: 0,
      source: null,
      options: [],
    }
    const {connection, events} = this.tracker.add({...packet, ...fields})
    this.collector.add(events)
    return connection
  }

  send(sent: Sent, ends: readonly [{ip: string; port: number}, {ip: string; port: number}] = v4): this {
    this.packet(frameOf(sent, ends))
    return this
  }

  /** SYN, SYN with ACK, ACK, with these initial sequence numbers. */
  open(isn0 = 1000, isn1 = 5000): this {
    return this.send({from: 0, seq: isn0, flags: 'S'})
      .send({from: 1, seq: isn1, ack: isn0 + 1, flags: 'SA'})
      .send({from: 0, seq: isn0 + 1, ack: isn1 + 1})
  }

  wait(micros: number): this {
    this.micros += micros
    return this
  }

  /** Time passes without packets. */
  advance(micros: number): this {
    this.micros += micros
    this.collector.add(this.tracker.advance({micros: this.micros, nanos: 0}))
    return this
  }

  end(): this {
    this.collector.add(this.tracker.end())
    return this
  }

  get connections(): readonly Collected[] {
    return this.collector.connections
  }

  /** A stream as text, gaps as `<3>`. */
  text(end: 0 | 1, connection = 0): string {
    const pieces = this.connections[connection]?.pieces[end] ?? []
    return pieces.map(({bytes, gap}) => bytes?.toString('latin1') ?? `<${gap}>`).join('')
  }

  closes(connection = 0): string {
    return this.connections[connection]!.closes.join('/')
  }
}

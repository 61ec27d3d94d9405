import type {Time} from '../wire/chunk.js'
import {type CaptureCounters, zeroCounters} from './counters.js'
import {type Datagram, Fragments} from './ip/fragments.js'
import {blankIpPacket, type IpPacket, type IpResult, skipExtensions} from './ip/ip.js'
import {hardwareStart, ipStart} from './ip/link.js'
import {noIp} from './ip/no-ip.js'
import {insideTunnels, readTunnelled} from './ip/tunnel.js'
import {unreadName} from './ip/unread.js'
import {limits} from './limits.js'
import type {Packet} from './packet.js'
import {isInShard, type Shard} from './shard.js'
import type {StreamEvent} from './stream-event.js'
import {Reassembly} from './tcp/reassembly.js'
import {blankSegment, flag, readTcp} from './tcp/tcp-segment.js'

const tcp = 6

/** In the place of a connection's number: the packet belongs to a connection of another shard. */
export const ofOtherShard = -2

/** What a packet brought about. */
export interface PacketResult {
  /**
   * Number of the packet's TCP connection; -1: it has none; `ofOtherShard`. A fragment has one only if it completes a
   * datagram.
   */
  readonly connection: number
  readonly events: readonly StreamEvent[]
}

/** Follows the TCP connections in captured packets, of one capture file or of several one after another. */
export class PacketTracker {
  readonly counters: CaptureCounters = zeroCounters()
  readonly #reassembly = new Reassembly(this.counters)
  readonly #fragments = new Fragments()
  readonly #ip = blankIpPacket()
  readonly #whole = blankIpPacket()
  readonly #segment = blankSegment()
  readonly #shard: Shard | undefined

  /** @param shard only its connections are followed; default: all. */
  constructor(shard?: Shard) {
    this.#shard = shard
  }

  /** @param packet not kept, but chunks are views of its bytes. */
  add(packet: Packet): PacketResult {
    const connection = this.#connectionOf(packet)
    return {connection, events: this.#reassembly.takeEvents()}
  }

  /**
   * Give up what has been missing for too long. For live captures, when no packets come.
   * @param now capture time.
   */
  advance(now: Time): readonly StreamEvent[] {
    this.#reassembly.advance(now)
    return this.#reassembly.takeEvents()
  }

  /** No more packets will come: every connection is ended. */
  end(): readonly StreamEvent[] {
    this.#fragments.end()
    this.counters.lostDatagrams = this.#fragments.dropped
    this.#reassembly.end()
    return this.#reassembly.takeEvents()
  }

  /** Add the packet to its connection. @returns as `PacketResult.connection`. */
  #connectionOf(packet: Packet): number {
    this.counters.packets++
    const {bytes, start, end} = packet
    const at = ipStart(packet.linkType, bytes, start, end)
    if (at < 0) return this.#countNoIp(at, packet.linkType)
    const wireEnd = Math.max(end, start + Math.min(packet.originalLength, limits.packetBytes))
    const ip = this.#ip
    const result = readTunnelled(bytes, at, end, wireEnd, ip)
    if (result === 'whole') return ip.protocol === tcp ? this.#addSegment(packet) : this.#countNotTcp()
    if (result === 'fragment') return this.#addFragment(packet)
    return this.#countUnreadable(result, packet.linkType)
  }

  #addSegment(packet: Packet): number {
    const segment = this.#segment
    const result = readTcp(this.#ip, segment)
    if (result !== 'ok') return this.#countUnreadable(result, packet.linkType)
    segment.packet = packet.number
    segment.time = packet.time
    if (this.#isForeign()) return this.#skip()
    segment.hardwareAt = hardwareStart(packet.linkType, packet.start)
    segment.offset = packet.offset + segment.start - packet.start
    return this.#reassembly.add(segment)
  }

  #addFragment(packet: Packet): number {
    this.counters.fragments++
    const ip = this.#ip
    const datagram = this.#fragments.add(ip, packet.number, packet.time, packet.offset + ip.start - packet.start)
    if (!datagram) return -1
    const whole: IpPacket = Object.assign(this.#whole, ip)
    whole.bytes = datagram.bytes
    whole.start = 0
    whole.end = datagram.bytes.length
    whole.missing = 0
    const outer = skipExtensions(whole)
    const result = outer === 'whole' && whole.protocol !== tcp ? insideTunnels(whole) : outer
    if (result !== 'whole') return this.#countUnreadable(result === 'fragment' ? 'bad' : result, packet.linkType)
    if (whole.protocol !== tcp) return this.#countNotTcp()
    const read = readTcp(whole, this.#segment)
    if (read !== 'ok') return this.#countUnreadable(read, packet.linkType)
    if (datagram.pieces.some(piece => piece.capturedEnd < Math.min(piece.end, this.#segment.start)))
      return this.#countUnreadable('cut_short', packet.linkType)
    return this.#addPieces(datagram, packet)
  }

  /** Add a datagram's segment piece by piece, so that every byte keeps the packet that brought it. */
  #addPieces({pieces}: Datagram, packet: Packet): number {
    const segment = this.#segment
    const {start, end, seq, flags} = segment
    segment.time = packet.time
    if (this.#isForeign()) return this.#skip()
    segment.hardwareAt = -1
    if (pieces.some(piece => piece.capturedEnd < piece.end)) segment.tcpEnd = -1
    let connection = -1
    const syn = flags & flag.syn ? 1 : 0
    for (const piece of pieces) {
      const from = Math.max(piece.start, start)
      const isLast = piece.end >= end
      if (from >= piece.end && !isLast) continue
      // In a tunnel, bytes may follow the segment.
      const to = Math.min(piece.end, end)
      segment.packet = piece.packet
      segment.offset = piece.offset + from - piece.start
      segment.start = from
      segment.end = Math.max(from, Math.min(piece.capturedEnd, to))
      segment.missing = Math.max(0, to - segment.end)
      segment.seq = from === start ? seq : (seq + syn + from - start) | 0
      segment.flags = flags & ~(isLast ? 0 : flag.fin | flag.rst) & ~(from === start ? 0 : flag.syn)
      connection = this.#reassembly.add(segment)
      if (isLast) break
    }
    return connection
  }

  /** Whether the current segment belongs to another shard. */
  #isForeign(): boolean {
    return this.#shard !== undefined && !isInShard(this.#segment, this.#shard)
  }

  #skip(): number {
    this.#reassembly.skip(this.#segment.time)
    return ofOtherShard
  }

  #countNotTcp(): -1 {
    this.counters.notTcp++
    return -1
  }

  #countNoIp(code: number, linkType: number): -1 {
    if (code === noIp.other) this.counters.notIp++
    else if (code === noIp.cutShort) this.counters.cutShort++
    else {
      const {unread} = this.counters
      const name = unreadName(code, linkType)
      const kind = unread.has(name) || unread.size < limits.unreadKinds - 1 ? name : 'other kinds'
      unread.set(kind, (unread.get(kind) ?? 0) + 1)
    }
    return -1
  }

  /** @param result what reading the headers gave: a word, or one of `noIp`. */
  #countUnreadable(result: IpResult | number, linkType: number): -1 {
    if (typeof result === 'number') return this.#countNoIp(result, linkType)
    if (result === 'cut_short') this.counters.cutShort++
    else this.counters.bad++
    return -1
  }
}

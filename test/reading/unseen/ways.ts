import {ipStart} from '../../../src/capture/ip/link.js'
import type {Packet} from '../../../src/capture/packet.js'
import type {PlacedKey, Recording} from './recordings.js'

type Random = () => number

/** What is left of a recording. */
export interface Less {
  readonly packets: readonly Packet[]
  readonly keys: readonly PlacedKey[]
}

/** A way to see less of a recording. @param records number of all records. */
type Way = (recording: Recording, random: Random, records: number) => Less

/** Keys of which each is missing, or late, with the same probability. */
const lessKeys =
  (isMissing: boolean, isLate: boolean): Way =>
  ({packets, keys}, random, records) => {
    const [missing, late] = [isMissing ? random() : 0, isLate ? random() : 0]
    const left = keys.filter(() => random() >= missing)
    return {packets, keys: left.map(key => ({key, after: random() < late ? Math.floor(random() * records) : 0}))}
  }

/** Frames are opened from the start on, and what is inside their packets with late keys; or the other way round. */
const lateKind =
  (isFrames: boolean): Way =>
  ({packets, keys}, random, records) => ({
    packets,
    keys: keys.map(key => {
      const place = Math.floor(random() * records)
      return {key, after: (key.kind === 'tcp_session') === isFrames ? place : 0}
    }),
  })

const lessPackets =
  (choose: (packets: readonly Packet[], random: Random) => readonly Packet[]): Way =>
  ({packets, keys}, random) => ({packets: choose(packets, random), keys: keys.map(key => ({key, after: 0}))})

const placeIn = (packets: readonly Packet[], random: Random): number => Math.floor(random() * packets.length)

/** Both TCP ports of a packet, the lower one first, and which of them sent it. */
function portsOf({bytes, start, end, linkType}: Packet): {readonly connection: string; readonly isLower: boolean} {
  const ip = ipStart(linkType, bytes, start, end)
  const tcp = bytes[ip]! >> 4 === 6 ? ip + 40 : ip + (bytes[ip]! & 15) * 4
  const [from, to] = [tcp, tcp + 2].map(at => bytes[at]! * 256 + bytes[at + 1]!) as [number, number]
  return {connection: `${Math.min(from, to)} ${Math.max(from, to)}`, isLower: from < to}
}

/** Packets without some connections, or without one direction of some. */
function lessConnections(packets: readonly Packet[], random: Random, isWhole: boolean): Packet[] {
  const share = random()
  const chosen = new Map<string, number>()
  return packets.filter(packet => {
    const {connection, isLower} = portsOf(packet)
    const choice = chosen.get(connection) ?? random()
    chosen.set(connection, choice)
    const isOfSeenSide = !isWhole && isLower === (choice * 100) % 1 < 0.5
    return choice >= share || isOfSeenSide
  })
}

const cutShort = (packet: Packet, size: number): Packet => ({...packet, end: Math.min(packet.end, packet.start + size)})

/** Ways to see less of a recording, by what is missing. */
export const ways: Readonly<Record<string, Way>> = {
  'some keys': lessKeys(true, false),
  'some keys, which come late': lessKeys(false, true),
  'some keys, while others come late': lessKeys(true, true),
  'keys of connections, which come late': lateKind(true),
  'other keys, which come late': lateKind(false),
  'its start': lessPackets((packets, random) => packets.slice(placeIn(packets, random))),
  'its end': lessPackets((packets, random) => packets.slice(0, placeIn(packets, random))),
  'all but a part': lessPackets((packets, random) => {
    const [from = 0, to] = [placeIn(packets, random), placeIn(packets, random)].sort((a, b) => a - b)
    return packets.slice(from, to)
  }),
  'some packets': lessPackets((packets, random) => {
    const rate = random() * random() * 0.3
    return packets.filter(() => random() >= rate)
  }),
  'some packets and keys': (recording, random, records) => {
    const {keys} = lessKeys(true, true)(recording, random, records)
    const rate = random() * random() * 0.3
    return {keys, packets: recording.packets.filter(() => random() >= rate)}
  },
  'the ends of long packets': lessPackets((packets, random) => {
    const [size, rate] = [54 + Math.floor(random() * random() * 1500), random() < 0.5 ? 1 : random() * 0.3]
    return packets.map(packet => (random() < rate ? cutShort(packet, size) : packet))
  }),
  'some connections': lessPackets((packets, random) => lessConnections(packets, random, true)),
  'one direction of some connections': lessPackets((packets, random) => lessConnections(packets, random, false)),
}

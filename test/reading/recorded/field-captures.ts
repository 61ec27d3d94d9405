import {readFileSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {ipStart} from '../../../src/capture/ip/link.js'
import {CaptureReader} from '../../../src/capture/reader.js'
import {microsPerSecond} from '../../../src/wire/time.js'
import {makeEnhanced, makeInterface, makePcap, makeSection} from '../../capture/make-pcap.js'
import {seeded} from '../damaged/edited-captures.js'

/** One packet of a capture: the IP packet alone, and its time. */
interface IpPacket {
  readonly micros: number
  readonly ip: Buffer
}

/** Numbers that a seed decides: 0 up to, not including, `below`. */
export type Chance = (below: number) => number

export function chanceOf(seed: number): Chance {
  const random = seeded(seed)
  return below => Math.floor(random() * below)
}

/** The IP packets of a fixture. */
export function ipPackets(path: string): IpPacket[] {
  const packets: IpPacket[] = []
  for (const item of new CaptureReader().read(readFileSync(path))) {
    if (item.kind !== 'packet') continue
    const at = ipStart(item.linkType, item.bytes, item.start, item.end)
    packets.push({micros: item.time!.micros, ip: Buffer.from(item.bytes.subarray(at, item.end))})
  }
  return packets
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const isIp6 = (ip: Buffer): boolean => ip[0]! >> 4 === 6
const etherType = (ip: Buffer): string => (isIp6(ip) ? '86dd' : '0800')
const pppType = (ip: Buffer): string => (isIp6(ip) ? '0057' : '0021')
const addresses = '020000000001 020000000000'
const wifi = `${addresses} 020000000002 1000`

/** An IPv4 packet between two routers. */
function ip4Around(protocol: number, payload: Buffer): Buffer {
  const header = hex('4500 0000 0001 4000 40 00 0000 c6336401 c6336402')
  header[9] = protocol
  header.writeUInt16BE(header.length + payload.length, 2)
  return Buffer.concat([header, payload])
}

function udpAround(port: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt16BE(50_000, 0)
  header.writeUInt16BE(port, 2)
  header.writeUInt16BE(8 + payload.length, 4)
  return Buffer.concat([header, payload])
}

const behind = (header: string, ip: Buffer): Buffer => Buffer.concat([hex(header), ip])

/** Ways to carry an IP packet inside another. */
const tunnels: readonly (readonly [name: string, wrap: (ip: Buffer) => Buffer])[] = [
  ['no tunnel', ip => ip],
  ['IP in IP', ip => ip4Around(isIp6(ip) ? 41 : 4, ip)],
  ['GRE', ip => ip4Around(47, behind(`2000 ${etherType(ip)} 00000001`, ip))],
  ['GRE with Ethernet', ip => ip4Around(47, behind(`0000 6558 ${addresses} ${etherType(ip)}`, ip))],
  ['VXLAN', ip => ip4Around(17, udpAround(4789, behind(`08000000 00000100 ${addresses} ${etherType(ip)}`, ip)))],
  ['Geneve', ip => ip4Around(17, udpAround(6081, behind(`0000 6558 00000100 ${addresses} ${etherType(ip)}`, ip)))],
  ['two tunnels', ip => ip4Around(4, ip4Around(47, behind(`0000 ${etherType(ip)}`, ip)))],
]

/** Link types, and what is before an IP packet. */
const links: readonly (readonly [name: string, linkType: number, wrap: (ip: Buffer) => Buffer])[] = [
  ['Ethernet', 1, ip => behind(`${addresses} ${etherType(ip)}`, ip)],
  ['VLANs', 1, ip => behind(`${addresses} 88a8 0001 8100 002a ${etherType(ip)}`, ip)],
  ['MPLS', 1, ip => behind(`${addresses} 8847 00010040 00020140`, ip)],
  ['PPPoE', 1, ip => behind(`${addresses} 8864 11 00 0001 0000 ${pppType(ip)}`, ip)],
  ['PPP', 9, ip => behind(`ff03 ${pppType(ip)}`, ip)],
  ['Linux cooked', 113, ip => behind(`0000 0001 0006 020000000000 0000 ${etherType(ip)}`, ip)],
  ['Linux cooked 2', 276, ip => behind(`${etherType(ip)} 0000 00000001 0001 00 06 0200000000000000`, ip)],
  ['IP alone', 101, ip => ip],
  ['BSD loopback', 0, ip => behind(isIp6(ip) ? '1e000000' : '02000000', ip)],
  ['802.11', 105, ip => behind(`0801 0000 ${wifi} aaaa03 000000 ${etherType(ip)}`, ip)],
  ['radiotap', 127, ip => behind(`0000 0800 00000000 8801 0000 ${wifi} 0000 aaaa03 000000 ${etherType(ip)}`, ip)],
  ['NFLOG', 239, ip => nflog(ip)],
]

function nflog(ip: Buffer): Buffer {
  const attribute = Buffer.alloc(4)
  attribute.writeUInt16LE(4 + ip.length, 0)
  attribute.writeUInt16LE(9, 2)
  return Buffer.concat([hex(isIp6(ip) ? '0a000000' : '02000000'), attribute, ip])
}

/** A RST that nobody takes: its sequence number is far outside of any window. */
function strayReset(ip: Buffer): Buffer {
  const copy = Buffer.from(ip)
  const tcp = isIp6(copy) ? 40 : (copy[0]! & 15) * 4
  const size = (copy[tcp + 12]! >> 4) * 4
  copy.writeUInt32BE((copy.readUInt32BE(tcp + 4) + 0x40000000) >>> 0, tcp + 4)
  copy[tcp + 13] = 0x04
  const reset = copy.subarray(0, tcp + size)
  if (isIp6(reset)) reset.writeUInt16BE(size, 4)
  else reset.writeUInt16BE(tcp + size, 2)
  return reset
}

/** One capture as people bring it, in one file or more. */
export interface FieldCapture {
  /** What was done to it, for messages. */
  readonly name: string
  readonly files: readonly Buffer[]
}

/** The packets in a form that chance picks. */
export function fieldCapture(packets: readonly IpPacket[], chance: Chance): FieldCapture {
  const tunnel = tunnels[chance(tunnels.length)]!
  const link = links[chance(links.length)]!
  const hasResets = chance(3) === 0
  const fileCount = 1 + chance(3)
  const dealing = chance(3)
  const file = [pcap(true), pcap(false), pcapng(true), pcapng(false)][chance(4)]!
  const isPacked = chance(3) === 0
  const all = packets.flatMap((packet, at) => {
    const sent = {...packet, ip: link[2](tunnel[1](packet.ip))}
    const isReset = hasResets && at > 20 && chance(40) === 0
    return isReset ? [sent, {...packet, ip: link[2](tunnel[1](strayReset(packet.ip)))}] : [sent]
  })
  const dealt: IpPacket[][] = Array.from({length: fileCount}, () => [])
  for (const [at, packet] of all.entries()) {
    const of = [at % fileCount, Math.floor((at * fileCount) / all.length), chance(fileCount)][dealing]!
    dealt[of]!.push(packet)
  }
  const files = dealt.map(part => file(link[1], part)).map(bytes => (isPacked ? gzipSync(bytes) : bytes))
  return {
    name: `${tunnel[0]}, ${link[0]}${hasResets ? ', stray resets' : ''}, ${fileCount} files${isPacked ? ', gzip' : ''}`,
    files: chance(2) === 0 ? files : files.toReversed(),
  }
}

const pcap =
  (little: boolean) =>
  (linkType: number, packets: readonly IpPacket[]): Buffer =>
    makePcap(
      {little, magic: 0xa1b2c3d4, linkType},
      packets.map(({micros, ip}) => ({
        seconds: Math.floor(micros / microsPerSecond),
        fraction: micros % microsPerSecond,
        bytes: ip,
      })),
    )

const pcapng =
  (little: boolean) =>
  (linkType: number, packets: readonly IpPacket[]): Buffer =>
    Buffer.concat([
      makeSection(little),
      makeInterface(little, linkType),
      ...packets.map(({micros, ip}) => makeEnhanced(little, 0, BigInt(micros), ip)),
    ])

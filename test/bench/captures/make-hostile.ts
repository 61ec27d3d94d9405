import {closeSync, createWriteStream, openSync, writeSync} from 'node:fs'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {pathToFileURL} from 'node:url'
import {createGzip} from 'node:zlib'

/** Inputs that are made to exhaust a reader, by name: SECURITY.md states what each costs. */
export const hostileInputs = {
  /** Connections that are opened, look like a client's handshake, and never end. */
  connections: (path: string, count = 1_000_000) =>
    writeCapture(path, count, function* (index) {
      const from = [0x0a_00_00_00 + index, 40_000] as const
      yield segment(from, relay, {sequence: 1000, flags: syn, payload: nothing})
      yield segment(from, relay, {sequence: 1001, flags: ack, payload: noise(index, 128)})
    }),

  /** Connections with both handshakes, which the client alone closes. */
  halfClosed: (path: string, count = 100_000) =>
    writeCapture(path, count, function* (index) {
      const from = [0x0a_00_00_00 + index, 40_000] as const
      yield segment(from, relay, {sequence: 1000, flags: syn, payload: nothing})
      yield segment(relay, from, {sequence: 5000, flags: syn | ack, payload: nothing})
      yield segment(from, relay, {sequence: 1001, flags: ack, payload: noise(index, 128)})
      yield segment(relay, from, {sequence: 5001, flags: ack, payload: noise(-index, 96)})
      yield segment(from, relay, {sequence: 1129, flags: fin | ack, payload: nothing})
    }),

  /** One connection with a byte missing before each segment. */
  gaps: (path: string, count = 1_000_000) =>
    writeCapture(path, count, function* (index) {
      if (index === 0) yield segment(client, relay, {sequence: 1000, flags: syn, payload: nothing})
      yield segment(client, relay, {sequence: 1001 + index * 11, flags: ack, payload: noise(index, 10)})
    }),

  /** Gigabytes of zeros behind the header of a capture, compressed. */
  bomb: async (path: string, gigabytes = 10) => {
    const zeros = Buffer.alloc(1_000_000)
    const chunks = function* () {
      yield pcapHeader
      for (let megabyte = 0; megabyte < gigabytes * 1000; megabyte++) yield zeros
    }
    await pipeline(Readable.from(chunks()), createGzip(), createWriteStream(path))
  },

  /** A packet that claims 4 GB. */
  claim: (path: string) => writeAll(path, [pcapHeader, recordHeader(0xffff_ffff), Buffer.alloc(100)]),

  /** One line of letters, in megabytes. */
  line: (path: string, megabytes = 1000) => {
    const letters = Buffer.alloc(1_000_000, 'a')
    writeAll(
      path,
      (function* () {
        for (let megabyte = 0; megabyte < megabytes; megabyte++) yield letters
      })(),
    )
  },

  /** Lines that are not hex. */
  lines: (path: string, count = 1_000_000) => writeAll(path, [Buffer.from('zz\n'.repeat(count))]),

  /** A record in JSON that is nested deeply. */
  nested: (path: string, depth = 100_000) =>
    writeAll(path, [Buffer.from(`${'{"inner":'.repeat(depth)}1${'}'.repeat(depth)}\n`)]),
}

/** An IPv4 address as a number, and a port. */
type End = readonly [number, number]

const relay: End = [0x0a_00_00_01, 33_445]
const client: End = [0x0a_00_00_02, 40_000]
const nothing = Buffer.alloc(0)
const [fin, syn, ack] = [0x01, 0x02, 0x10]

/** Header of a pcap file whose packets begin with the IP header. */
const pcapHeader = Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex')

function recordHeader(length: number): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(1_700_000_000, 0)
  header.writeUInt32LE(length, 8)
  header.writeUInt32LE(length, 12)
  return header
}

/** A TCP segment in an IPv4 packet; both checksums are zero, as network cards leave them. */
function segment(
  [fromIp, fromPort]: End,
  [toIp, toPort]: End,
  {sequence, flags, payload}: {sequence: number; flags: number; payload: Buffer},
): Buffer {
  const packet = Buffer.alloc(40 + payload.length)
  packet[0] = 0x45
  packet.writeUInt16BE(packet.length, 2)
  packet[8] = 64
  packet[9] = 6
  packet.writeUInt32BE(fromIp, 12)
  packet.writeUInt32BE(toIp, 16)
  packet.writeUInt16BE(fromPort, 20)
  packet.writeUInt16BE(toPort, 22)
  packet.writeUInt32BE(sequence % 2 ** 32, 24)
  packet[32] = 0x50
  packet[33] = flags
  packet.writeUInt16BE(64_240, 34)
  payload.copy(packet, 40)
  return packet
}

/** Bytes that look random, other ones for each seed. */
function noise(seed: number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let state = Math.imul(seed + 1, 0x9e37_79b1) | 1
  for (let at = 0; at < size; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state
  }
  return bytes
}

function writeCapture(path: string, count: number, packetsOf: (index: number) => Iterable<Buffer>): void {
  writeAll(
    path,
    (function* () {
      yield pcapHeader
      let pending: Buffer[] = []
      for (let index = 0; index < count; index++) {
        for (const packet of packetsOf(index)) pending.push(recordHeader(packet.length), packet)
        if (pending.length < 10_000) continue
        yield Buffer.concat(pending)
        pending = []
      }
      yield Buffer.concat(pending)
    })(),
  )
}

function writeAll(path: string, chunks: Iterable<Uint8Array>): void {
  const file = openSync(path, 'w')
  for (const chunk of chunks) writeSync(file, chunk)
  closeSync(file)
}

// npx tsx test/bench/captures/make-hostile.ts NAME FILE [COUNT]
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , name = '', path = '', count] = process.argv
  const make = Object.entries(hostileInputs).find(([known]) => known === name)?.[1]
  if (!make) throw new Error(`no input is called "${name}": it is one of ${Object.keys(hostileInputs).join(', ')}`)
  await make(path, count === undefined ? undefined : Number(count))
}

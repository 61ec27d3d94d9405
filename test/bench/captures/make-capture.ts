import {closeSync, openSync, writeSync} from 'node:fs'
import {TcpWriter} from '../../../src/capture/write/tcp-writer.js'
import {enhancedPacket, interfaceDescription, sectionHeader} from '../../../src/capture/write/writer.js'
import type {Box, KeyPair} from '../../../src/crypto/box.js'
import {keyLogLine} from '../../../src/crypto/keylog.js'
import {advance} from '../../../src/crypto/nonce.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {FrameList} from '../../capture/frame-list.js'

/** Seeded numbers, xorshift32: the same capture for the same seed everywhere. */
class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 1
  }

  next(below: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % below
  }

  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count)
    for (let i = 0; i < count; i++) out[i] = this.next(256)
    return out
  }
}

interface Conversation {
  readonly tcp: TcpWriter
  /** What it makes. */
  readonly frames: FrameList
  readonly key: Uint8Array
  /** Next nonce of each side. */
  readonly nonces: readonly [Uint8Array, Uint8Array]
}

/**
 * What the connections carry: `files` is mostly data of 1.4 KB, as file transfers make it; `calls` has frames of
 * 775 bytes on average, a third of them under 400. Both have pings, out-of-band data and onion packets between.
 */
export const mixes = ['files', 'calls'] as const
export type Mix = (typeof mixes)[number]

/** Megabytes of the captures that are measured. Fewer make a quick run, in which starting weighs more. */
export const benchMegabytes = Number(process.env['TOXTCP_BENCH_MEGABYTES'] ?? 300)

/**
 * Write a capture of connections to one relay, with a key log that opens all of them.
 * @param size bytes of the capture, about.
 */
export async function makeCapture(
  file: string,
  keylog: string,
  {size, connections, seed, mix = 'files'}: {size: number; connections: number; seed: number; mix?: Mix},
): Promise<void> {
  const box = await loadSodium()
  const random = new Random(seed)
  const out = openSync(file, 'w')
  const log = openSync(keylog, 'w')
  const relay = box.keyPair(random.bytes(32))
  let written = 0
  let micros = 1_795_399_253_000_000
  let pending: Uint8Array[] = []
  const write = (frames: readonly Uint8Array[]) => {
    for (const bytes of frames) {
      micros += 1 + random.next(40)
      const block = enhancedPacket({time: {micros, nanos: 0}, bytes, resolution: 6})
      pending.push(block)
      written += block.length
    }
    if (pending.length >= 512) flush()
  }
  const flush = () => {
    writeSync(out, Buffer.concat(pending))
    pending = []
  }
  pending.push(sectionHeader({}), interfaceDescription({linkType: 1, resolution: 6}))
  const talks = Array.from({length: connections}, (_, number) =>
    begin(box, random, relay, number, write, line => writeSync(log, `${line}\n`)),
  )
  // Long random bodies once, cut anew for each packet: what is measured is opening them, not making them up.
  const body = random.bytes(65_536)
  while (written < size) {
    const side = random.next(2) as 0 | 1
    say(box, talks[random.next(connections)]!, side, packet(random, body, side, mix), write)
  }
  for (const {tcp, frames} of talks) {
    tcp.fin(0)
    tcp.fin(1)
    write(frames.taken())
  }
  flush()
  closeSync(out)
  closeSync(log)
}

type Write = (frames: readonly Uint8Array[]) => void

function say(box: Box, {tcp, frames, key, nonces}: Conversation, side: 0 | 1, plain: Uint8Array, write: Write): void {
  const {length} = plain
  const sealed = box.seal(plain, nonces[side], key)
  advance(nonces[side])
  tcp.data(side, Buffer.concat([Uint8Array.of((length + 16) >> 8, (length + 16) & 0xff), sealed]))
  write(frames.taken())
}

function packet(random: Random, body: Uint8Array, side: 0 | 1, mix: Mix): Uint8Array {
  const kind = random.next(100)
  const cut = (count: number) => body.subarray(random.next(32_768)).subarray(0, count)
  const dataLength = mix === 'files' || kind < 25 ? 1380 + random.next(18) : 80 + random.next(1300)
  if (kind < 90) return Buffer.concat([Uint8Array.of(16, 0x1b), cut(dataLength)])
  if (kind < 92) return Buffer.concat([Uint8Array.of(4, 1), cut(7)])
  if (kind < 96) return Buffer.concat([Uint8Array.of(side === 0 ? 6 : 7), cut(32), Uint8Array.of(0x1b), cut(200)])
  return side === 0
    ? Buffer.concat([Uint8Array.of(8), cut(24), Uint8Array.of(2, 127, 0, 0, 1), new Uint8Array(12), cut(2 + 32 + 279)])
    : Buffer.concat([Uint8Array.of(9, 0x84), cut(200)])
}

function begin(
  box: Box,
  random: Random,
  relay: KeyPair,
  number: number,
  write: (frames: readonly Uint8Array[]) => void,
  log: (line: string) => void,
): Conversation {
  const [client, clientSession, relaySession] = [random.bytes(32), random.bytes(32), random.bytes(32)].map(seed =>
    box.keyPair(seed),
  ) as [KeyPair, KeyPair, KeyPair]
  const [clientNonce, relayNonce, clientBase, relayBase] = [0, 1, 2, 3].map(() => random.bytes(24)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  const outer = box.sharedKey(relay.publicKey, client.secretKey)
  const key = box.sharedKey(relaySession.publicKey, clientSession.secretKey)
  const frames = new FrameList()
  const ends = [
    {ip: `127.0.${number >> 8}.${(number & 255) + 1}`, port: 40_000 + number},
    {ip: '127.0.0.1', port: 33_445},
  ] as const
  const tcp = new TcpWriter(ends, frames)
  tcp.open()
  tcp.data(
    0,
    Buffer.concat([
      client.publicKey,
      clientNonce,
      box.seal(Buffer.concat([clientSession.publicKey, clientBase]), clientNonce, outer),
    ]),
  )
  tcp.data(
    1,
    Buffer.concat([relayNonce, box.seal(Buffer.concat([relaySession.publicKey, relayBase]), relayNonce, outer)]),
  )
  write(frames.taken())
  log(
    keyLogLine({
      kind: 'tcp_session',
      clientNonce,
      relayNonce,
      sharedKey: key,
      clientBaseNonce: clientBase,
      relayBaseNonce: relayBase,
    }),
  )
  const talk = {tcp, frames, key, nonces: [clientBase.slice(), relayBase.slice()]} as const
  const peer = random.bytes(32)
  say(box, talk, 0, Buffer.concat([Uint8Array.of(4), random.bytes(8)]), write)
  say(box, talk, 0, Buffer.concat([Uint8Array.of(0), peer]), write)
  say(box, talk, 1, Buffer.concat([Uint8Array.of(1, 16), peer]), write)
  say(box, talk, 1, Uint8Array.of(2, 16), write)
  return talk
}

import {readFileSync} from 'node:fs'
import {advance} from '../../../src/crypto/nonce.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {packetsOf} from '../../capture/collect.js'
import {makeBlock, makeInterface, makeOption, number} from '../../capture/make-pcap.js'
import {deepPackets} from '../../session/inner/deep.js'
import {bytesOf, fixtureText} from '../../session/recorded.js'

/** Byte in front of the text of packets that peers write. */
const texts: Readonly<Record<number, number>> = {
  48: 0, // nickname
  49: 0, // status message
  64: 0, // message
  65: 0, // action
  80: 1 + 4 + 8 + 32, // file offer: its text comes after number, kind, size and id
}

interface TcpSession {
  readonly key: Uint8Array
  readonly nonces: readonly [Uint8Array, Uint8Array]
}

/** The fixture `two_clients` in which peers write other texts, sealed with the true keys. */
export async function withTexts(text: string): Promise<{capture: Buffer; count: number}> {
  const box = await loadSodium()
  const folder = 'fixtures/captures/two_clients'
  const capture = readFileSync(`${folder}/capture.pcap`)
  const keylog = ['sessions', 'inner'].map(log => fixtureText(`captures/two_clients/${log}.keylog`)).join('\n')
  const sessions = [...keylog.matchAll(/^TOX_TCP_SESSION \w+ \w+ (\w+) (\w+) (\w+)$/gm)].map(
    ([, key, client, relay]): TcpSession => ({key: bytesOf(key!), nonces: [bytesOf(client!), bytesOf(relay!)]}),
  )
  const boxes = new Map(deepPackets('two_clients').map(packet => [packet.place, packet.boxes]))
  let count = 0
  for await (const {source, plaintext} of openCapture(`${folder}/capture.pcap`, {keylog: Buffer.from(keylog)})) {
    const inner = boxes.get(`${source.connection} ${source.from} ${source.index}`)?.at(-1)
    if (!inner?.plaintext || inner.kind !== 'crypto_data box' || !plaintext) continue
    const plain = bytesOf(inner.plaintext)
    const id = plain.findIndex((byte, index) => index >= 8 && byte !== 0)
    const before = texts[plain[id]!]
    if (before === undefined) continue
    fill(plain.subarray(id + 1 + before), text)
    const changed = Uint8Array.from(plaintext)
    const sealed = box.seal(plain, bytesOf(inner.nonce), bytesOf(inner.key))
    changed.set(sealed, changed.length - sealed.length)
    for (const {key, nonces} of sessions) {
      const nonce = nonces[source.from === 'client' ? 0 : 1].slice()
      for (let index = 0; index < source.index!; index++) advance(nonce)
      const at = capture.indexOf(box.seal(plaintext, nonce, key))
      if (at < 0) continue
      capture.set(box.seal(changed, nonce, key), at)
      count++
    }
  }
  return {capture, count}
}

/** Fills bytes with a text, again and again, in whole characters; blanks at the end. */
function fill(bytes: Uint8Array, text: string): void {
  bytes.fill(0x20)
  let at = 0
  for (const character of text.repeat(bytes.length)) {
    const own = Buffer.from(character)
    if (at + own.length > bytes.length) return
    bytes.set(own, at)
    at += own.length
  }
}

/** A capture as pcapng, with a text in every place that takes one. */
export function withNames(pcap: Buffer, text: string): Buffer {
  const name = Buffer.from(text)
  const end = makeOption(true, 0, Buffer.alloc(0))
  const said = (...codes: readonly number[]): Buffer =>
    Buffer.concat([...codes.map(code => makeOption(true, code, name)), end])
  // Comment, hardware, operating system, application.
  const section = makeBlock(
    true,
    0x0a0d0d0a,
    ...[number(0x1a2b3c4d, 4, true), number(1, 2, true), number(0, 2, true), Buffer.alloc(8, 0xff)],
    said(1, 2, 3, 4),
  )
  const host = Buffer.concat([Buffer.from([127, 0, 0, 1]), name, Buffer.alloc(1)])
  const names = makeBlock(true, 4, makeOption(true, 1, host), end, said(1, 2))
  const packets = packetsOf(pcap).map(({bytes, start, end: to, time}) => {
    const ticks = BigInt(time!.micros)
    const words = [0, Number(ticks >> 32n), Number(ticks & 0xffffffffn), to - start, to - start]
    const padded = Buffer.alloc(to - start + (-(to - start) & 3))
    padded.set(bytes.subarray(start, to))
    return makeBlock(true, 6, ...words.map(word => number(word, 4, true)), padded, said(1))
  })
  // Comment, name, description, filter, operating system, hardware.
  const source = makeInterface(true, 1, 0, said(1, 2, 3, 11, 12, 15))
  const statistics = makeBlock(true, 5, Buffer.alloc(12), said(1))
  const custom = makeBlock(true, 0xbad, Buffer.from([1, 2, 3, 4]), name)
  return Buffer.concat([section, names, source, custom, ...packets, statistics])
}

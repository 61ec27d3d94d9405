import {expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {messageOf, severityOf} from '../../../src/expert/finding.js'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {typeNamed} from '../../../src/protocol/table.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {blankRecord} from '../../../src/session/record.js'
import {World} from '../../../src/session/world.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {noShift, Window} from '../../../src/wire/window.js'
import {encodePartial} from '../../../src/wire/write.js'
import {fixture, fixtureText, hexOf, ringOf} from '../recorded.js'

const box = await loadSodium()
const realKey = new Uint8Array(32).fill(9)
const [own, peer] = [1, 2].map(byte => new Uint8Array(32).fill(byte))
const nonce = new Uint8Array(24).fill(3)
const secretKey = new Uint8Array(32).fill(4)

/** A cookie of 10 seconds before the second 1000, as c-toxcore makes it. */
function cookieOf(): Uint8Array {
  const plain = new Uint8Array(72)
  new DataView(plain.buffer).setBigUint64(0, 990n, true)
  plain.set(own!, 8)
  plain.set(peer!, 40)
  return Uint8Array.from([...nonce, ...box.seal(plain, nonce, secretKey)])
}

/** A crypto handshake out of band, as a world sees it that knows the key between the real keys. */
function handshake(hash: Uint8Array): SessionRecord {
  const {plain} = typeNamed('crypto_handshake') as PacketType
  const opened = encodePartial(plain!, {
    base_nonce: nonce,
    session_pk: own,
    cookie_hash: hash,
    answer_cookie: new Uint8Array(112),
  })
  const data = encodePartial(typeNamed('crypto_handshake') as PacketType, {
    cookie: cookieOf(),
    nonce,
    payload: box.seal(opened, nonce, realKey),
  })
  const bytes = encodePartial(typeNamed('oob_send') as PacketType, {destination_pk: peer, data})
  const window = new Window(typeNamed('oob_send') as PacketType, bytes, 0, bytes.length, noShift)
  const keyring = ringOf([
    {kind: 'pair_key', publicKeyA: null, publicKeyB: peer!, sharedKey: realKey},
    {kind: 'pair_key', publicKeyA: null, publicKeyB: null, sharedKey: secretKey},
  ])
  const time = {micros: 1_000_000_000, nanos: 0}
  return new World(keyring).take({...blankRecord, kind: 'frame', connection: 0, from: 'client', time, window})
}

test('a crypto handshake whose hash is not that of its cookie is discarded by its receiver', () => {
  const codes = (hash: Uint8Array) => handshake(hash).findings.map(found => [found.code, severityOf(found)])
  expect(codes(box.sha512(cookieOf()))).toEqual([])
  expect(codes(new Uint8Array(64))).toEqual([['handshake-cookie-hash', 'warn']])
  const [found] = handshake(new Uint8Array(64)).findings
  expect(messageOf(found!)).toBe('the hash in the box is not SHA-512 of the cookie')
  // 33 bytes before the payload, 137 before the box, its MAC, nonce and key.
  expect(found!.range).toEqual([33 + 137 + 16 + 56, 33 + 137 + 16 + 56 + 64])
})

test('a cookie whose key is given shows its age and the keys that it was made for', () => {
  expect(handshake(new Uint8Array(64)).inferred?.cookie).toEqual({
    ageSeconds: 10,
    realPk: hexOf(own!),
    dhtPk: hexOf(peer!),
  })
})

test('the hashes of the cookies of real handshakes are right', async () => {
  const keylog = new TextEncoder().encode(
    ['sessions', 'inner'].map(log => fixtureText(`captures/two_clients/${log}.keylog`)).join('\n'),
  )
  let handshakes = 0
  for await (const {source} of openCapture(fixture('captures/two_clients/capture.pcap'), {keylog})) {
    if (source.opened[0]?.type.name !== 'crypto_handshake') continue
    handshakes++
    expect(source.findings.map(({code}) => code)).not.toContain('handshake-cookie-hash')
  }
  expect(handshakes).toBe(8)
})

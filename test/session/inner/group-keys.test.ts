import {expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {packetWindow, type TypeName, typeNamed} from '../../../src/protocol/table.js'
import {blankRecord} from '../../../src/session/record.js'
import {World} from '../../../src/session/world.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {noShift} from '../../../src/wire/window.js'
import {encodePartial} from '../../../src/wire/write.js'
import {hexOf, ringOf} from '../recorded.js'

const box = await loadSodium()
const pairOf = (fill: number) => box.keyPair(new Uint8Array(32).fill(fill))
const [alice, bob] = [pairOf(1), pairOf(2)]
const [ofAlice, ofBob, newOfAlice, newOfBob] = [pairOf(3), pairOf(4), pairOf(5), pairOf(6)]
const nonce = new Uint8Array(24).fill(5)
const typed = (name: TypeName): PacketType => typeNamed(name)

function handshake(sessionPk: Uint8Array): Uint8Array {
  const plain = encodePartial(typed('gc_handshake').plain!, {
    ...{handshake_type: 0, session_pk: sessionPk, sig_pk: alice.publicKey, request_type: 0, join_type: 1, relays: []},
  })
  return encodePartial(typed('gc_handshake'), {
    ...{sender_enc_pk: alice.publicKey, target_enc_pk: bob.publicKey, nonce},
    payload: box.seal(plain, nonce, box.sharedKey(bob.publicKey, alice.secretKey)),
  })
}

/** A lossless packet of Alice for Bob. @param id its message id. */
function lossless(id: number, key: Uint8Array): Uint8Array {
  const data = encodePartial(typed('group_peer_info_request'), {message_id: BigInt(id)})
  const own = Uint8Array.from(nonce).fill(id)
  const payload = box.seal(encodePartial(typed('gc_lossless').plain!, {padding: 0, data}), own, key)
  return encodePartial(typed('gc_lossless'), {sender_enc_pk: alice.publicKey, nonce: own, payload})
}

test('packets of a group open after their key was changed, also where those before stayed sealed', () => {
  const [before, after] = [
    box.sharedKey(ofBob.publicKey, ofAlice.secretKey),
    box.sharedKey(newOfBob.publicKey, newOfAlice.secretKey),
  ]
  const ring = ringOf([
    {kind: 'secret_key', publicKey: alice.publicKey, secretKey: alice.secretKey},
    {kind: 'pair_key', publicKeyA: newOfAlice.publicKey, publicKeyB: newOfBob.publicKey, sharedKey: after},
  ])
  const world = new World(ring)
  const payloads = [handshake(ofAlice.publicKey), lossless(2, before), lossless(3, before), lossless(4, after)]
  const opened = payloads.map((data, index) => {
    const bytes = encodePartial(typed('data'), {connection_id: 16, data})
    const record = world.take({
      ...{...blankRecord, kind: 'frame', connection: 0, from: 'client', index, state: 'open'},
      ...{inferred: {peer: hexOf(bob.publicKey)}, window: packetWindow(bytes, 0, bytes.length, noShift)!},
    })
    return record.opened.length
  })
  expect(opened).toEqual([1, 0, 0, 1])
})

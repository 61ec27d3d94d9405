import {expect, test} from 'vitest'
import {loadSodium} from '../../src/crypto/sodium.js'
import {
  claimedKey,
  openClientHandshake,
  openRelayHandshake,
  sealClientHandshake,
  sealRelayHandshake,
} from '../../src/peer/handshake.js'
import {bytesOf, hexOf, vectorsOf} from './vectors.js'

const box = await loadSodium()

test.each(vectorsOf('ClientHandshake'))('client handshake $hex', ({hex, fields, keys}) => {
  const bytes = bytesOf(hex)
  const key = box.sharedKey(bytesOf(keys.client_pk), bytesOf(keys.relay_sk))
  expect(hexOf(key)).toBe(keys.handshake_shared_key)
  expect(hexOf(claimedKey(bytes))).toBe(keys.client_pk)
  const hello = openClientHandshake(box, bytes, key)!
  expect(hexOf(hello.sessionKey)).toBe(keys.client_session_pk)
  expect(hexOf(hello.baseNonce)).toBe(keys.client_base_nonce)
  expect(hexOf(hello.nonce)).toBe(fields.nonce)
  expect(hexOf(sealClientHandshake(box, bytesOf(keys.client_pk), hello, hello.nonce, key))).toBe(hex)
  expect(openClientHandshake(box, bytes, new Uint8Array(32))).toBeUndefined()
})

test.each(vectorsOf('ServerHandshake'))('relay handshake $hex', ({hex, fields, keys}) => {
  const key = box.sharedKey(bytesOf(keys.relay_pk), bytesOf(keys.client_sk))
  const hello = openRelayHandshake(box, bytesOf(hex), key)!
  expect(hexOf(hello.sessionKey)).toBe(keys.relay_session_pk)
  expect(hexOf(hello.baseNonce)).toBe(keys.relay_base_nonce)
  expect(hexOf(hello.nonce)).toBe(fields.nonce)
  expect(hexOf(sealRelayHandshake(box, hello, hello.nonce, key))).toBe(hex)
  expect(openRelayHandshake(box, bytesOf(hex).fill(0, 95), key)).toEqual(hex.endsWith('00') ? hello : undefined)
})

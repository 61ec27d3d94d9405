import {closeSync, openSync, writeSync} from 'node:fs'
import type {Box} from '../../../src/crypto/box.js'
import {loadKeys} from '../../../src/files/keys/load-keys.js'
import {captureSource} from '../../../src/library/capture/capture-input.js'
import {runCapture} from '../../../src/reading/capture-run.js'
import {processIo} from '../../../src/terminal/io.js'

const bufferedBytes = 1 << 20

/** A box that tells of each opening. */
const watched = (box: Box, opened: (sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array) => void): Box => ({
  sharedKey: (publicKey, secretKey) => box.sharedKey(publicKey, secretKey),
  sharedKeys: (publicKey, secretKey) => box.sharedKeys(publicKey, secretKey),
  publicKey: secretKey => box.publicKey(secretKey),
  keyPair: seed => box.keyPair(seed),
  sha512: bytes => box.sha512(bytes),
  seal: (plain, nonce, key) => box.seal(plain, nonce, key),
  sealInto: (room, plain, nonce, key) => box.sealInto(room, plain, nonce, key),
  open(sealed, nonce, key, room) {
    const length = box.open(sealed, nonce, key, room)
    if (length >= 0) opened(sealed.bytes.subarray(sealed.start, sealed.end), nonce, key)
    return length
  },
})

/**
 * Write the frames of a capture for open-frames.c: all that open with the keys of the key log, in the order in which
 * they are opened.
 * @returns how many there are.
 */
export async function writeFrames(capture: string, keylog: string, file: string): Promise<number> {
  const {keyring, box} = await loadKeys({key: [], keylog: [keylog], secretKey: [], relayPk: [], env: {}})
  if (!box) throw new Error(`there is no key in ${keylog}`)
  const out = openSync(file, 'w')
  let count = 0
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  const flush = () => {
    writeSync(out, Buffer.concat(pending))
    pending = []
    pendingBytes = 0
  }
  keyring.box = watched(box, (sealed, nonce, key) => {
    pending.push(key.slice(), nonce.slice(), new Uint8Array(Uint32Array.of(sealed.length).buffer), sealed.slice())
    pendingBytes += sealed.length
    if (pendingBytes > bufferedBytes) flush()
    count++
  })
  await runCapture({sources: [captureSource(capture, processIo())], keyring, ports: [], take: () => true})
  flush()
  closeSync(out)
  return count
}

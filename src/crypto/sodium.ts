import type {Box, KeyPair, PlainRoom, Room, SealedBytes} from './box.js'
import {isLowOrder, sharedKeyOfZeroPoint} from './low-order.js'

const macBytes = 16
const sha512Bytes = 64
const keyBytes = 32
const nonceBytes = 24

/**
 * Bytes of the buffer that stays in WASM memory. Every relay frame (2048) and every Tox UDP packet fits; what is
 * longer, a whole key file, gets a buffer of its own for the one call.
 */
const scratchBytes = 4096
const wordBytes = 8

/**
 * The part of the Emscripten module under libsodium-wrappers that is used here; lengths of messages are two 32-bit
 * halves.
 */
interface Heap {
  /** Memory. A new array after it has grown, so it is read again for each call. */
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(pointer: number): void
  _crypto_box_beforenm(key: number, publicKey: number, secretKey: number): number
  _crypto_box_seed_keypair(publicKey: number, secretKey: number, seed: number): number
  _crypto_hash(hash: number, bytes: number, lengthLow: number, lengthHigh: number): number
  _crypto_scalarmult_base(publicKey: number, secretKey: number): number
  _crypto_secretbox_easy(
    sealed: number,
    plain: number,
    length: number,
    lengthHigh: number,
    nonce: number,
    key: number,
  ): number
  _crypto_secretbox_open_easy(
    plain: number,
    sealed: number,
    length: number,
    lengthHigh: number,
    nonce: number,
    key: number,
  ): number
  /** Compares the MAC only, if plain is 0. */
  _crypto_secretbox_open_detached(
    plain: number,
    body: number,
    mac: number,
    length: number,
    lengthHigh: number,
    nonce: number,
    key: number,
  ): number
}

/**
 * Boxes of libsodium in WASM, called without its wrappers: those allocate memory for each argument, which makes opening
 * a frame half as slow again. Copying to and from WASM memory is a tenth of the time.
 */
class SodiumBox implements Box {
  readonly #heap: Heap
  readonly #key: number
  readonly #peer: number
  readonly #nonce: number
  readonly #scratch: number

  constructor(heap: Heap) {
    this.#heap = heap
    this.#key = heap._malloc(keyBytes)
    this.#peer = heap._malloc(keyBytes)
    this.#nonce = heap._malloc(keyBytes)
    this.#scratch = heap._malloc(scratchBytes + wordBytes)
  }

  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array {
    this.#put(this.#peer, publicKey, keyBytes, 'public key')
    this.#put(this.#key, secretKey, keyBytes, 'secret key')
    if (this.#heap._crypto_box_beforenm(this.#scratch, this.#peer, this.#key) !== 0) return sharedKeyOfZeroPoint()
    return this.#take(this.#scratch, keyBytes)
  }

  sharedKeys(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array[] {
    const key = this.sharedKey(publicKey, secretKey)
    return isLowOrder(publicKey) ? [new Uint8Array(keyBytes), key] : [key]
  }

  publicKey(secretKey: Uint8Array): Uint8Array {
    this.#put(this.#key, secretKey, keyBytes, 'secret key')
    this.#heap._crypto_scalarmult_base(this.#scratch, this.#key)
    return this.#take(this.#scratch, keyBytes)
  }

  keyPair(seed: Uint8Array): KeyPair {
    this.#put(this.#scratch, seed, keyBytes, 'seed')
    this.#heap._crypto_box_seed_keypair(this.#peer, this.#key, this.#scratch)
    return {publicKey: this.#take(this.#peer, keyBytes), secretKey: this.#take(this.#key, keyBytes)}
  }

  sha512(bytes: Uint8Array): Uint8Array {
    const buffer = this.#heap._malloc(bytes.length + sha512Bytes)
    this.#heap.HEAPU8.set(bytes, buffer + sha512Bytes)
    this.#heap._crypto_hash(buffer, buffer + sha512Bytes, bytes.length, 0)
    const hash = this.#take(buffer, sha512Bytes)
    this.#heap._free(buffer)
    return hash
  }

  open(
    {bytes, start, end}: SealedBytes,
    nonce: Uint8Array,
    key: Uint8Array,
    {bytes: target, at, wanted: most = Number.POSITIVE_INFINITY}: PlainRoom,
  ): number {
    const sealed = end - start
    if (sealed < macBytes) return -1
    const length = sealed - macBytes
    const wanted = Math.min(length, most)
    if (at + wanted > target.length) throw new RangeError(`the target has no room for ${wanted} bytes at ${at}`)
    // Copying to shared memory is four times as fast if both places have the same alignment.
    const slack = (target.byteOffset + at) & (wordBytes - 1)
    const buffer = sealed <= scratchBytes ? this.#scratch + slack : this.#heap._malloc(sealed)
    this.#put(this.#key, key, keyBytes, 'shared key')
    this.#put(this.#nonce, nonce, nonceBytes, 'nonce')
    this.#heap.HEAPU8.set(bytes.subarray(start, end), buffer)
    const hasOpened = wanted < length ? this.#opensHead(buffer, length, wanted) : this.#opensAll(buffer, sealed)
    const body = buffer + macBytes
    if (hasOpened) target.set(this.#heap.HEAPU8.subarray(body, body + wanted), at)
    if (sealed > scratchBytes) this.#heap._free(buffer)
    return hasOpened ? length : -1
  }

  /** Open in place: the plaintext replaces its ciphertext. */
  #opensAll(buffer: number, sealed: number): boolean {
    return this.#heap._crypto_secretbox_open_easy(buffer + macBytes, buffer, sealed, 0, this.#nonce, this.#key) === 0
  }

  /**
   * Compare the MAC of the whole body, then decrypt its first bytes in place, by sealing them again: a stream cipher
   * does the same in both directions.
   */
  #opensHead(sealed: number, length: number, wanted: number): boolean {
    const body = sealed + macBytes
    if (this.#heap._crypto_secretbox_open_detached(0, body, sealed, length, 0, this.#nonce, this.#key) !== 0)
      return false
    this.#heap._crypto_secretbox_easy(sealed, body, wanted, 0, this.#nonce, this.#key)
    return true
  }

  seal(plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
    const sealed = new Uint8Array(plain.length + macBytes)
    this.sealInto({bytes: sealed, at: 0}, plain, nonce, key)
    return sealed
  }

  sealInto({bytes: target, at}: Room, plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): void {
    const sealed = plain.length + macBytes
    if (at + sealed > target.length) throw new RangeError(`the target has no room for ${sealed} bytes at ${at}`)
    const buffer = sealed <= scratchBytes ? this.#scratch : this.#heap._malloc(sealed)
    this.#put(this.#key, key, keyBytes, 'shared key')
    this.#put(this.#nonce, nonce, nonceBytes, 'nonce')
    const body = buffer + macBytes
    this.#heap.HEAPU8.set(plain, body)
    this.#heap._crypto_secretbox_easy(buffer, body, plain.length, 0, this.#nonce, this.#key)
    target.set(this.#heap.HEAPU8.subarray(buffer, buffer + sealed), at)
    if (buffer !== this.#scratch) this.#heap._free(buffer)
  }

  #put(pointer: number, bytes: Uint8Array, length: number, what: string): void {
    if (bytes.length !== length) throw new RangeError(`a ${what} is ${length} bytes, not ${bytes.length}`)
    this.#heap.HEAPU8.set(bytes, pointer)
  }

  #take(pointer: number, length: number): Uint8Array {
    return this.#heap.HEAPU8.slice(pointer, pointer + length)
  }
}

let loaded: Promise<Box> | undefined

/** Load libsodium, on the first call only (about 30 ms). Later calls share it. */
export function loadSodium(): Promise<Box> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Box> {
  const {default: sodium} = await import('libsodium-wrappers')
  await sodium.ready
  // The types of the wrappers do not declare the module that they wrap.
  const {libsodium} = sodium as unknown as {libsodium: Heap}
  return new SodiumBox(libsodium)
}

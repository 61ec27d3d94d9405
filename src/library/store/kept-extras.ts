import {randomBytes} from 'node:crypto'
import {deserialize, serialize} from 'node:v8'
import type {Box} from '../../crypto/box.js'
import {limits} from '../../protocol/limits.js'
import type {SessionRecord} from '../../session/record.js'
import type {KeptInference} from './kept-sessions.js'
import type {SpilledBytes} from './spilled-bytes.js'

/** What few records have. Kept outside of memory. */
export interface KeptExtra
  extends Partial<Pick<SessionRecord, 'findings' | 'packets' | 'close' | 'causes' | 'prelude'>> {
  readonly inferred?: KeptInference
  /** The peer in hex, where it has no number. */
  readonly peer?: string
  readonly isSecond?: true
  readonly readTo?: number
  /** Its bytes on the wire, where there are others than its length says. */
  readonly wire?: Uint8Array
  /** A window that cannot be opened again from the bytes on the wire. */
  readonly window?: {readonly name: string; readonly bytes: Uint8Array; readonly shift: number}
  /** Plaintexts of the boxes inside. */
  readonly opened?: readonly Uint8Array[]
}

/** First byte of an extra: whether it is sealed. */
const isPlain = 0
const isSealed = 1

/** Extras in a temporary file. Those with plaintexts are sealed, with a key that is nowhere else. */
export class KeptExtras {
  readonly #spilled: SpilledBytes
  readonly #box: () => Box | undefined
  readonly #ownKey = randomBytes(limits.sharedKey)

  /** @param box asked when something is sealed or opened. */
  constructor(spilled: SpilledBytes, box: () => Box | undefined) {
    this.#spilled = spilled
    this.#box = box
  }

  /** @param isSecret whether it has plaintexts. @returns its place. */
  add(extra: KeptExtra, isSecret: boolean): number {
    const plain = serialize(extra)
    const box = isSecret ? this.#box() : undefined
    if (!box) return this.#spilled.add(Buffer.concat([Uint8Array.of(isPlain), plain]))
    const nonce = randomBytes(limits.nonce)
    return this.#spilled.add(Buffer.concat([Uint8Array.of(isSealed), nonce, box.seal(plain, nonce, this.#ownKey)]))
  }

  at(place: number): KeptExtra {
    const kept = this.#spilled.at(place)
    if (kept[0] === isPlain) return deserialize(kept.subarray(1)) as KeptExtra
    const nonce = kept.subarray(1, 1 + limits.nonce)
    const plain = new Uint8Array(kept.length - 1 - limits.nonce - limits.mac)
    const sealed = {bytes: kept, start: 1 + limits.nonce, end: kept.length}
    this.#box()!.open(sealed, nonce, this.#ownKey, {bytes: plain, at: 0})
    // What `add` wrote.
    return deserialize(plain) as KeptExtra
  }
}

import {limits} from '../../protocol/limits.js'
import {copyOf} from '../../wire/bytes.js'
import {type Chunk, noBytes, type Time} from '../../wire/chunk.js'
import {u16be} from '../../wire/integers.js'
import {hasWrongSum, unknownSum, wrongSum} from '../../wire/internet/checksum.js'
import {withRoom} from '../../wire/memory/growing.js'
import {chainFrames} from '../frame-lengths.js'
import {noPackets} from '../record.js'
import type {FramePiece, Pieces, WholePiece} from './piece.js'

/** A stream that begins with a handshake. */
export interface HandshakeStart {
  /** Bytes of it. */
  readonly handshake: number
  /** The side has said nothing yet, and its first bytes may turn out to be others. */
  readonly isAssumed?: true
  /** A dialogue with a proxy, of which bytes are missing, may come before it. */
  readonly isDoubtful?: boolean
}

/** How a side's stream begins: with a handshake, with the first byte of some frame, or in the middle. */
export type StreamStart = HandshakeStart | 'frames' | 'middle'

const prefix = limits.frameLengthPrefix

/** Cuts one side's bytes into handshake and frames: the same pieces however the bytes are divided into chunks. */
export class Deframer implements Pieces {
  /** Bytes of the handshake that is awaited; 0 once it has come. */
  #handshake: number
  #skip: number
  /** Room for it, made when it is needed: most connections of a flood of them never send half a piece. */
  #held: Uint8Array = noBytes
  #heldBytes = 0
  /** Packets that brought it. */
  #packets: number[] | undefined
  /** Bytes of a frame's prefix that its length counts: 0, unless who sends them is mistaken. */
  #counted = 0
  /** The current chunk: its bytes, the first that is not cut yet, its time and packet. */
  #bytes: Uint8Array = noBytes
  #at = 0
  #time: Time | null = null
  #packet = 0
  #chunk: Chunk | undefined
  /** Packet of the current chunk if its checksum is wrong, else 0; undefined: nobody has asked. */
  #chunkDamage: number | undefined
  /** The same of the chunks that brought the unfinished piece, and the last piece that was cut. */
  #heldDamage = 0
  #pieceDamage = 0
  /** The same of a piece before it, whose length may be wrong, for this number of pieces. */
  #earlierDamage = 0
  #doubted = 0

  /** @param skip bytes to pass over before all else. */
  constructor(begin: StreamStart, skip = 0) {
    this.#skip = skip
    this.#handshake = typeof begin === 'string' ? 0 : begin.handshake
  }

  /** Bytes of an unfinished piece. */
  get pending(): number {
    return this.#heldBytes
  }

  /** Bytes that the unfinished piece will have; undefined while its prefix is incomplete. */
  get wanted(): number | undefined {
    if (this.#handshake > 0) return this.#handshake
    return this.#heldBytes < prefix ? undefined : this.#sizeOf(u16be(this.#held, 0))
  }

  /** Bytes that are still passed over. */
  get skipping(): number {
    return this.#skip
  }

  get awaitsHandshake(): boolean {
    return this.#handshake > 0
  }

  /**
   * Packet with a wrong checksum among those that brought the piece that was cut last, or its place: the length of a
   * piece before it; 0: none. Asked for where a piece is wrong, as the sum of a chunk's bytes is not free.
   */
  get damage(): number {
    return this.#pieceDamage || this.#damageOfChunk || (this.#doubted > 0 ? this.#earlierDamage : 0)
  }

  /** The piece that was cut last has opened: its length is right. */
  confirm(): void {
    this.#doubted = 0
  }

  get #damageOfChunk(): number {
    this.#chunkDamage ??= hasWrongSum(this.#chunk?.sum ?? unknownSum, this.#bytes) ? this.#packet : 0
    return this.#chunkDamage
  }

  /** Bytes are missing. @returns whether all of them would have been passed over anyway. */
  passOver(bytes: number): boolean {
    if (this.#skip < bytes || this.#skip === Number.POSITIVE_INFINITY) return false
    this.#skip -= bytes
    return true
  }

  /**
   * From now on, the length before each frame counts itself.
   * @param last the frame that was cut last: what was taken for its end is the next prefix.
   */
  countLengths({bytes, end, packets}: FramePiece): void {
    this.#counted = prefix
    this.#held = withRoom(this.#held, prefix)
    this.#held.set(bytes.subarray(end - prefix, end))
    this.#heldBytes = prefix
    this.#packets = packets.slice(-1)
  }

  /** Bytes of a frame with its prefix. @param length as the prefix has it. */
  #sizeOf(length: number): number {
    return prefix + Math.max(0, length - this.#counted)
  }

  /** Begin anew with the next bytes. @returns what of the current chunk is not cut yet. */
  restart(): Chunk | undefined {
    const sum = this.#damageOfChunk > 0 ? wrongSum : unknownSum
    const rest = this.#chunk && {...this.#chunk, bytes: this.#bytes.subarray(this.#at), sum}
    this.#forgetChunk()
    this.#skip = 0
    this.#dropPending()
    return rest
  }

  /** A copy of the unfinished piece, which may still go on. */
  get unfinished(): {readonly bytes: Uint8Array; readonly packets: readonly number[]} {
    return {bytes: copyOf(this.#held, 0, this.#heldBytes), packets: [...(this.#packets ?? noPackets)]}
  }

  /** The unfinished frame is whole, because the length before each frame counts itself. */
  countLengthsFromHere(): void {
    this.#counted = prefix
    this.#dropPending()
  }

  /** Take the unfinished piece out, as at the end of the stream or at a gap. */
  takePending(): {readonly bytes: Uint8Array; readonly packets: readonly number[]} {
    const taken = {bytes: copyOf(this.#held, 0, this.#heldBytes), packets: this.#packets ?? noPackets}
    this.#dropPending()
    return taken
  }

  #dropPending(): void {
    this.#heldBytes = 0
    this.#heldDamage = 0
    this.#packets = undefined
  }

  /** Continues after a gap: skips `bytes`, then expects frames. The unfinished piece is over. */
  resume(skip: number): void {
    this.#handshake = 0
    this.#skip = skip
    this.#dropPending()
  }

  /** The pieces that a chunk of bytes completes, each cut when it is asked for: ask for all of them. */
  cut(chunk: Chunk): Pieces {
    const {bytes = noBytes, time, origin} = chunk
    this.#chunk = chunk
    this.#chunkDamage = undefined
    this.#bytes = bytes
    this.#at = 0
    this.#time = time
    this.#packet = origin?.packet ?? 0
    return this
  }

  next(): WholePiece | undefined {
    const bytes = this.#bytes
    while (this.#at < bytes.length) {
      const at = this.#at
      const left = bytes.length - at
      if (this.#skip > 0) {
        const count = Math.min(this.#skip, left)
        this.#skip -= count
        this.#at += count
      } else if (this.#heldBytes === 0 && this.#isWholeAt(bytes, at)) {
        this.#pieceDamage = 0
        const piece = this.#piece(bytes, at, this.#packet === 0 ? noPackets : [this.#packet], bytes.length)
        this.#at = piece.end
        return piece
      } else {
        const taken = this.#hold(bytes, at, this.#packet)
        this.#at += taken
        if (!this.#isHeldWhole()) {
          this.#heldDamage ||= this.#damageOfChunk
          continue
        }
        this.#pieceDamage = this.#heldDamage
        const {bytes: whole, packets} = this.takePending()
        const piece = this.#piece(whole, 0, packets, whole.length + left - taken)
        if (this.#pieceDamage > 0) this.#doubtLength()
        return piece
      }
    }
    this.#forgetChunk()
    return undefined
  }

  /** Whether the next piece lies whole in the bytes; of one that is too long, the prefix is enough. */
  #isWholeAt(bytes: Uint8Array, at: number): boolean {
    const left = bytes.length - at
    if (this.#handshake > 0) return left >= this.#handshake
    if (left < prefix) return false
    const need = this.#sizeOf(u16be(bytes, at))
    return need <= left || need > limits.frame
  }

  /** It would keep a whole block of a capture. */
  #forgetChunk(): void {
    this.#bytes = noBytes
    this.#chunk = undefined
  }

  #isHeldWhole(): boolean {
    const {wanted} = this
    return wanted !== undefined && (this.#heldBytes >= wanted || wanted > limits.frame)
  }

  /** Hold what there is of the piece at hand, up to its prefix or its end. @returns how many bytes were taken. */
  #hold(bytes: Uint8Array, start: number, packet: number): number {
    const taken = Math.min(bytes.length - start, (this.wanted ?? prefix) - this.#heldBytes)
    this.#held = withRoom(this.#held, this.#heldBytes + taken)
    this.#held.set(bytes.subarray(start, start + taken), this.#heldBytes)
    this.#heldBytes += taken
    if (packet !== 0 && this.#packets?.at(-1) !== packet) {
      if (this.#packets) this.#packets.push(packet)
      else this.#packets = [packet]
    }
    return taken
  }

  /** The length of the piece may be wrong, and what follows cut wrong. Only a piece over several chunks leads there. */
  #doubtLength(): void {
    this.#earlierDamage = this.#pieceDamage
    this.#doubted = chainFrames + 1
  }

  /** @param last where the chunk ends, counted like `start`. */
  #piece(bytes: Uint8Array, start: number, packets: readonly number[], last: number): WholePiece {
    const time = this.#time
    if (this.#doubted > 0) this.#doubted--
    if (this.#handshake > 0) {
      const end = start + this.#handshake
      this.#handshake = 0
      return {kind: 'handshake', bytes, start, end, packets, time, behind: last - end}
    }
    const length = u16be(bytes, start)
    const size = this.#sizeOf(length)
    if (size <= limits.frame) return {kind: 'frame', bytes, start, end: start + size, packets, time}
    this.#skip = length
    return {kind: 'oversize', bytes, start, end: start + prefix, packets, time, length}
  }
}

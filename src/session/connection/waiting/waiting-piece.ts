import {limits} from '../../../protocol/limits.js'
import {concatBytes, copyOf} from '../../../wire/bytes.js'
import {type Chunk, noBytes, type Time} from '../../../wire/chunk.js'
import type {Damage, WholePiece} from '../piece.js'

const sizeOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, {bytes = noBytes}) => sum + bytes.length, 0)

/**
 * A piece that is wrong, of which it is not known yet whether it was injected, or damaged on the way, and what came
 * after it. All in bytes of its own: those of a block are not there any more when the next one is read.
 */
export class WaitingPiece implements Damage {
  readonly piece: WholePiece
  readonly rest: Chunk[] = []

  /**
   * @param rest what follows in the same chunk.
   * @param damage a packet that brought it and has a wrong checksum: it may be sent again. 0: none has.
   */
  constructor(
    piece: WholePiece,
    rest: Chunk | undefined,
    readonly damage: number,
  ) {
    const own = copyOf(piece.bytes, piece.start, piece.end)
    this.piece = {...piece, bytes: own, start: 0, end: own.length}
    if (rest) this.add(rest)
  }

  add(chunk: Chunk): void {
    this.rest.push({...chunk, bytes: copyOf(chunk.bytes ?? noBytes)})
  }

  /** Its bytes, and all after it. */
  get bytes(): Uint8Array {
    return concatBytes([this.piece.bytes, ...this.rest.map(({bytes = noBytes}) => bytes)])
  }

  /** Number of bytes after it. */
  get behind(): number {
    return sizeOf(this.rest)
  }

  hasRoomFor({bytes = noBytes}: Chunk): boolean {
    const size = this.piece.bytes.length + this.behind + bytes.length
    return size + this.rest.length * limits.chunkBytes <= limits.rivalBytes
  }

  /** Whether a segment that was damaged is not sent again any more, as far as is to be expected. */
  hasWaitedLong(time: Time | null): boolean {
    const since = this.piece.time
    return this.damage > 0 && !!time && !!since && time.micros - since.micros > limits.damageSeconds * 1_000_000
  }
}

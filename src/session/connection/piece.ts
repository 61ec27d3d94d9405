import type {Finding} from '../../expert/finding.js'
import type {Chunk, Conflict, Time} from '../../wire/chunk.js'

// What one side's stream is cut into. The bytes are a range of the chunk's where it holds the piece whole, else a copy;
// nothing writes to them again. `time` is that of the chunk that completed the piece.

interface Cut {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Capture packets that brought it. */
  readonly packets: readonly number[]
  readonly time: Time | null
}

export interface HandshakePiece extends Cut {
  readonly kind: 'handshake'
  /** Bytes that follow in the chunk that completed it. */
  readonly behind: number
}

/** A frame with its length prefix. */
export interface FramePiece extends Cut {
  readonly kind: 'frame'
}

/** The prefix of a frame that is longer than the limit; the bytes that it announces are skipped. */
export interface OversizePiece extends Cut {
  readonly kind: 'oversize'
  /** As the prefix has it. */
  readonly length: number
}

/** The start of a handshake or frame whose other bytes do not come. */
export interface CutOffPiece extends Cut {
  readonly kind: 'cut_off'
  readonly isHandshake: boolean
  /** Bytes that it should have. */
  readonly size: number
}

/** Bytes that were never seen. */
export interface MissingPiece {
  readonly kind: 'missing'
  readonly length: number
  readonly time: Time | null
}

/** A packet with a wrong checksum among those that brought a piece; 0: none. Asked for where the piece is wrong. */
export interface Damage {
  readonly damage: number
}

/** Whether a chunk was captured no later than the last packet of a piece, and has waited for it. */
export const hasWaitedFor = ({packets}: WholePiece, {origin}: Chunk): boolean =>
  origin !== undefined && packets.some(packet => packet >= origin.packet)

/** Bytes that were passed over in search of a frame. */
export interface SkippedPiece {
  readonly kind: 'skipped'
  readonly length: number
  readonly found: Finding
  readonly time: Time | null
}

/** What a `Deframer` yields. */
export type WholePiece = HandshakePiece | FramePiece | OversizePiece

export type Piece = WholePiece | CutOffPiece | MissingPiece | SkippedPiece

/** Pieces in their order, each made when it is asked for. */
export interface Pieces {
  /** @returns undefined once there are no more. */
  next(): Piece | undefined
}

/** The pieces of a generator. */
export const piecesOf = (generator: Iterator<Piece, void, undefined>): Pieces => ({
  next: () => generator.next().value ?? undefined,
})

/** What a handshake may be in the place of the one that waits, and the latest of the rivals whose bytes it has. */
export interface HandshakeInstead {
  readonly piece: HandshakePiece
  readonly rival: Conflict
}

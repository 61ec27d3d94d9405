import type {CaptureItem} from '../capture/packet.js'
import type {Place} from './frame-threads.js'

/** What one block of bytes holds. Packets are borrowed; the views that they give of the block are not. */
export interface ItemBlock {
  readonly bytes: Uint8Array
  /** Where other threads can read the block again; undefined: nowhere. */
  readonly place: Place | undefined
  /** Name of the capture, for messages. */
  readonly name: string
  /** Bytes that were read for it from all captures. */
  readonly size: number
  /** To be taken before the next block. @throws InputError where the capture is damaged. */
  readonly items: Iterable<CaptureItem>
}

/** Gives memory of this many bytes, or of more. */
export type Room = (size: number) => Uint8Array

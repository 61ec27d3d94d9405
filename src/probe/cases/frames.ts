import {limits} from '../../protocol/limits.js'
import {noBytes} from '../../wire/chunk.js'
import {ping} from './packets.js'

/** Makes the frame of a packet, with the next nonce of the connection. */
export type Seal = (packet: Uint8Array) => Uint8Array

/** A frame that breaks the protocol, whoever sends it. */
export type FrameCase = readonly [name: string, wire: (seal: Seal) => Uint8Array]

/** Bytes in place of a frame. */
const unsealed = (name: string, ...wire: readonly number[]): FrameCase => [name, () => Uint8Array.from(wire)]

/** Frames that no receiver opens, or that hold no packet: each on a connection of its own. */
export const wrongFrames: readonly FrameCase[] = [
  unsealed('frame of length 0', 0, 0),
  unsealed('frame of length 1', 0, 1, 7),
  unsealed('frame of length 15', 0, 15, ...new Uint8Array(15)),
  unsealed('frame of length 16 that does not open', 0, 16, ...new Uint8Array(16)),
  unsealed('frame of length 30 that does not open', 0, 30, ...new Uint8Array(30)),
  unsealed('frame of length 2049, its length alone', 8, 1),
  unsealed('frame of length 65535, its length alone', 255, 255),
  ['frame with an empty plaintext', seal => seal(noBytes)],
  [
    'frame with one bit of its MAC flipped',
    seal => {
      const frame = seal(ping(1))
      frame[limits.frameLengthPrefix]! ^= 1
      return frame
    },
  ],
]

/** The bytes of a capture in order. */
export interface CaptureSource {
  /** For messages. */
  readonly name: string
  /** Bytes of it; undefined where that is not known (a pipe), or says nothing (it is packed). */
  readonly size: number | undefined
  /** Whether it comes as it is captured: then records are shown at once, in the order in which they are recognised. */
  readonly isLive: boolean
  /** Descriptor of a file that can be read anywhere, by any thread; undefined where bytes come once and in order. */
  readonly file: number | undefined
  /** @param room makes the block that the next bytes are read into; each block is used once. */
  blocks(room: (size: number) => Uint8Array): AsyncIterable<Uint8Array>
  /** Its bytes from the start, beside `blocks`; undefined where they come only once. */
  readonly again: (() => AsyncIterable<Uint8Array>) | undefined
  /** Its file is not needed any more. */
  close(): void
}

/** Bytes of a capture in memory that are read before records of them are taken. */
const blockBytes = 256 * 1024

/** A capture in memory. Needs nothing of Node.js. */
export const inMemory = (bytes: Uint8Array): CaptureSource => ({
  name: 'the capture',
  size: bytes.length,
  isLive: false,
  file: undefined,
  blocks: () => inBlocks(bytes),
  again: () => inBlocks(bytes),
  close: () => {},
})

async function* inBlocks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes)
}

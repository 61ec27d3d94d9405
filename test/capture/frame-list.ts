import type {FrameSpace} from '../../src/capture/write/tcp-frame.js'

/** Takes frames apart, each into bytes of its own. */
export class FrameList implements FrameSpace {
  readonly all: Uint8Array[] = []
  bytes = new Uint8Array(0)

  take(length: number): number {
    this.bytes = new Uint8Array(length)
    this.all.push(this.bytes)
    return 0
  }

  /** Those since the last time. */
  taken(): Uint8Array[] {
    return this.all.splice(0)
  }
}

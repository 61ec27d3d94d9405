import type {End, Endpoint} from '../wire/chunk.js'
import {type Route, routeOf, tcpFrame} from './tcp-frame.js'
import {flag} from './tcp-segment.js'

const psh = 8
/** Shift of the window, so that no write fills it: 65,535 << 7 is 8 MiB. */
const windowScale = 7
/** Segments in a row before the receiver acknowledges: far below the window. */
const segmentsUnacknowledged = 64

/**
 * Ethernet frames of a TCP connection that carries given bytes, as if it had been captured at its first end: for recording what was forwarded.
 * Every call returns the frames that it makes, in order.
 */
export class TcpWriter {
  readonly #route: Route
  readonly #mss: number
  /** Next sequence number of each end. */
  readonly #next: [number, number]
  readonly #identification: [number, number] = [0, 0]

  /**
   * @param ends end 0 opens the connection.
   * @param options.mss most payload bytes of a segment, 1..65000; 1460 as on Ethernet.
   * @param options.initialSequence first sequence number of each end; for connections with the same ends they must differ.
   * @throws RangeError if an end's ip is no IP address.
   */
  constructor(ends: readonly [Endpoint, Endpoint], options: {mss?: number; initialSequence?: readonly [number, number]} = {}) {
    this.#route = routeOf(ends)
    this.#mss = Math.min(options.mss ?? 1460, 65_000)
    this.#next = [...(options.initialSequence ?? [0, 0])]
  }

  /** SYN, SYN with ACK, ACK. */
  open(): Uint8Array[] {
    const options = Uint8Array.of(2, 4, this.#mss >> 8, this.#mss & 255, 1, 3, 3, windowScale)
    return [this.#frame(0, flag.syn, options), this.#frame(1, flag.syn | flag.ack, options), this.#frame(0, flag.ack)]
  }

  /** Bytes that an end sends, and the other end's acknowledgement. */
  data(from: End, bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = []
    const to = from === 0 ? 1 : 0
    for (let at = 0, count = 1; at < bytes.length; at += this.#mss, count++) {
      const isLast = at + this.#mss >= bytes.length
      frames.push(this.#frame(from, flag.ack | (isLast ? psh : 0), undefined, bytes.subarray(at, at + this.#mss)))
      if (isLast || count % segmentsUnacknowledged === 0) frames.push(this.#frame(to, flag.ack))
    }
    return frames
  }

  /** Bytes that an end sent and that are not recorded: they will be missing. */
  skip(from: End, bytes: number): void {
    this.#next[from] = (this.#next[from] + bytes) % 2 ** 32
  }

  /** The end's FIN, acknowledged. */
  fin(from: End): Uint8Array[] {
    return [this.#frame(from, flag.fin | flag.ack), this.#frame(from === 0 ? 1 : 0, flag.ack)]
  }

  rst(from: End): Uint8Array[] {
    return [this.#frame(from, flag.rst | flag.ack)]
  }

  #frame(from: End, flags: number, options?: Uint8Array, payload?: Uint8Array): Uint8Array {
    const acknowledges = (flags & flag.ack) !== 0
    const fields = {
      from,
      flags,
      seq: this.#next[from],
      ack: acknowledges ? this.#next[from === 0 ? 1 : 0] : 0,
      window: 0xffff,
      identification: this.#identification[from],
    }
    this.#identification[from] = (this.#identification[from] + 1) & 0xffff
    this.#next[from] = (this.#next[from] + (payload?.length ?? 0) + (flags & (flag.syn | flag.fin) ? 1 : 0)) >>> 0
    return tcpFrame(this.#route, {...fields, ...(options && {options}), ...(payload && {payload})})
  }
}

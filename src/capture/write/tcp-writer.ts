import type {End, Endpoint} from '../../wire/chunk.js'
import {flag} from '../tcp/tcp-segment.js'
import {type FrameSpace, putTcpFrame, type Route, routeOf} from './tcp-frame.js'

const psh = 8
/** Shift of the window size, so that no write fills the window: 65,535 << 7 is 8 MiB. */
const windowScale = 7
/** Segments in a row before the receiver acknowledges: far below the window. */
const segmentsUnacknowledged = 64

/**
 * Makes Ethernet frames of a TCP connection that carries given bytes, as if it had been captured at its first end, to
 * record what was forwarded. Each call writes its frames into the space, in order.
 */
export class TcpWriter {
  readonly #route: Route
  readonly #space: FrameSpace
  readonly #mss: number
  /** Next sequence number of each end. */
  readonly #next: [number, number]
  readonly #identification: [number, number] = [0, 0]

  /**
   * @param ends end 0 opens the connection.
   * @param options.mss most payload bytes of a segment, 1..65000; 1460 as on Ethernet.
   * @param options.initialSequence first sequence number of each end; for connections with the same ends they must
   *   differ.
   * @param options.hardware Ethernet address of each end.
   * @throws RangeError if the ip of an end is not an IP address.
   */
  constructor(
    ends: readonly [Endpoint, Endpoint],
    space: FrameSpace,
    options: {mss?: number; initialSequence?: readonly [number, number]; hardware?: Route['hardware']} = {},
  ) {
    this.#route = routeOf(ends, options.hardware)
    this.#space = space
    this.#mss = Math.min(options.mss ?? 1460, 65_000)
    this.#next = [...(options.initialSequence ?? [0, 0])]
  }

  /** The three frames that open the connection: SYN, SYN with ACK, ACK. */
  open(): void {
    const options = Uint8Array.of(2, 4, this.#mss >> 8, this.#mss & 255, 1, 3, 3, windowScale)
    this.#frame(0, flag.syn, options)
    this.#frame(1, flag.syn | flag.ack, options)
    this.#frame(0, flag.ack)
  }

  /** Frames with the bytes that an end sends, and the other end's acknowledgements. */
  data(from: End, bytes: Uint8Array): void {
    const to = from === 0 ? 1 : 0
    for (let at = 0, count = 1; at < bytes.length; at += this.#mss, count++) {
      const isLast = at + this.#mss >= bytes.length
      this.#frame(
        from,
        flag.ack | (isLast ? psh : 0),
        undefined,
        bytes.length <= this.#mss ? bytes : bytes.subarray(at, at + this.#mss),
      )
      if (isLast || count % segmentsUnacknowledged === 0) this.#frame(to, flag.ack)
    }
  }

  /** The FIN of an end, and its acknowledgement. */
  fin(from: End): void {
    this.#frame(from, flag.fin | flag.ack)
    this.#frame(from === 0 ? 1 : 0, flag.ack)
  }

  rst(from: End): void {
    this.#frame(from, flag.rst | flag.ack)
  }

  #frame(from: End, flags: number, options?: Uint8Array, payload?: Uint8Array): void {
    const seq = this.#next[from]
    const ack = (flags & flag.ack) !== 0 ? this.#next[from === 0 ? 1 : 0] : 0
    const identification = this.#identification[from]
    this.#identification[from] = (identification + 1) & 0xffff
    this.#next[from] = (seq + (payload?.length ?? 0) + (flags & (flag.syn | flag.fin) ? 1 : 0)) >>> 0
    putTcpFrame(
      this.#route,
      {from, flags, seq, ack, window: 0xffff, identification, ...(options && {options}), ...(payload && {payload})},
      this.#space,
    )
  }
}

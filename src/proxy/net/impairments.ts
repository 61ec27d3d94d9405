import {Fifo} from '../../wire/memory/fifo.js'
import {waitingBytes} from '../limits.js'
import type {Scheduler} from './clock.js'
import type {Outlet} from './outlet.js'

/** How a line delays and splits bytes; none are lost or reordered. What is absent is off. */
export interface LineImpairments {
  /** Delay of every byte in milliseconds. */
  readonly latencyMilliseconds?: number
  /** Each piece's delay varies by up to this much in both directions; pieces do not overtake each other. */
  readonly jitterMilliseconds?: number
  /** Bytes per second in each direction. */
  readonly bytesPerSecond?: number
  /** Bytes are sent in segments of at most this size, each handed to the system before the next. */
  readonly splitBytes?: number
}

/** Pieces per second with a rate limit: more pieces are smoother and cost more. */
const rateTurns = 50

/** Pseudo-random numbers from 0 to 1, determined by the seeds (Mulberry32). @param seeds whole numbers. */
export const seededRandom = (...seeds: readonly number[]): (() => number) => {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x12345678)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

interface Waiting {
  /** When the first byte may be sent. */
  readonly due: number
  /** Absent: the end of the stream. */
  readonly bytes?: Uint8Array
  /** Called when the end of the stream was sent. */
  readonly gone?: (() => void) | undefined
}

/**
 * A slow, jittery or splitting line before another outlet. A reset does not wait in it: bytes that were not yet sent
 * are lost then, as on a real line.
 */
export class ImpairedLine implements Outlet {
  drained: () => void = () => {}
  readonly #next: Outlet
  readonly #impairments: LineImpairments
  readonly #scheduler: Scheduler
  readonly #random: () => number
  readonly #queue = new Fifo<Waiting>()
  /** Bytes of the queue's head that were sent. */
  #sent = 0
  #bytes = 0
  #lastDue = 0
  /** When the last piece has passed, at this rate. */
  #free = 0
  #busy = false
  #full = false
  #dropped = false
  #cancel: () => void = () => {}

  constructor(next: Outlet, impairments: LineImpairments, scheduler: Scheduler, random: () => number) {
    this.#next = next
    this.#impairments = impairments
    this.#scheduler = scheduler
    this.#random = random
  }

  write(bytes: Uint8Array): boolean {
    this.#queue.push({due: this.#dueNow(), bytes})
    this.#bytes += bytes.length
    this.#full ||= this.#bytes > waitingBytes
    this.#go()
    return !this.#full
  }

  get isEmpty(): boolean {
    return this.#bytes === 0 && this.#next.isEmpty
  }

  end(gone?: () => void): void {
    this.#queue.push({due: this.#dueNow(), gone})
    this.#go()
  }

  drop(): void {
    this.#dropped = true
    this.#queue.clear()
    this.#cancel()
    this.#next.drop()
  }

  #dueNow(): number {
    const {latencyMilliseconds = 0, jitterMilliseconds = 0} = this.#impairments
    const swing = jitterMilliseconds > 0 ? (this.#random() * 2 - 1) * jitterMilliseconds : 0
    this.#lastDue = Math.max(this.#lastDue, this.#scheduler.now() + Math.max(0, latencyMilliseconds + swing))
    return this.#lastDue
  }

  #go(): void {
    const head = this.#queue.head
    if (!head || this.#busy || this.#dropped) return
    this.#busy = true
    const piece = head.bytes && this.#pieceOf(head.bytes)
    const passes = Math.max(head.due, this.#free) + this.#passage(piece)
    const wait = passes - this.#scheduler.now()
    const send = () => {
      this.#free = passes
      if (piece) this.#send(piece, this.#sent + piece.length === head.bytes!.length)
      else this.#next.end(head.gone)
    }
    if (wait <= 0) send()
    else this.#cancel = this.#scheduler.after(wait, send)
  }

  #pieceOf(bytes: Uint8Array): Uint8Array {
    const {bytesPerSecond, splitBytes = bytes.length} = this.#impairments
    const most = bytesPerSecond ? Math.min(splitBytes, Math.max(1, Math.floor(bytesPerSecond / rateTurns))) : splitBytes
    return bytes.subarray(this.#sent, this.#sent + most)
  }

  #passage(piece: Uint8Array | undefined): number {
    const {bytesPerSecond} = this.#impairments
    return piece && bytesPerSecond ? (piece.length * 1000) / bytesPerSecond : 0
  }

  #send(piece: Uint8Array, whole: boolean): void {
    if (whole) this.#queue.shift()
    this.#sent = whole ? 0 : this.#sent + piece.length
    // By then the memory of the piece may be gone.
    const {length} = piece
    this.#next.write(piece, () => this.#gone(length))
  }

  #gone(length: number): void {
    this.#bytes -= length
    if (this.#full && this.#bytes <= waitingBytes / 2) {
      this.#full = false
      this.drained()
    }
    this.#busy = false
    this.#go()
  }
}

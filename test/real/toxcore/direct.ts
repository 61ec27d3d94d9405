import {randomBytes} from 'node:crypto'
import {connect, type Socket} from 'node:net'
import type {Box, KeyPair} from '../../../src/crypto/box.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import type {Relay} from './relay.js'

/** How long a relay may take over an answer; its loop turns some twenty times a second. */
const patienceMilliseconds = 5000

/** A client of ours at a real relay: it says what it is told to say, right or wrong. */
export class DirectClient {
  readonly #socket: Socket
  readonly #end: ClientEnd
  readonly #packets: Uint8Array[] = []
  readonly #waiting = new Set<() => void>()
  #isClosed = false

  private constructor(
    readonly publicKey: Uint8Array,
    socket: Socket,
    end: ClientEnd,
  ) {
    this.#socket = socket
    this.#end = end
    socket.on('data', bytes => {
      for (const event of end.receive(bytes)) if (event.kind === 'frame') this.#packets.push(event.plain)
      this.#wake()
    })
    for (const event of ['close', 'end', 'error'] as const) {
      socket.on(event, () => {
        this.#isClosed = true
        this.#wake()
      })
    }
  }

  /** Resolves once both handshakes are done. */
  static async connect(box: Box, relay: Relay, keys: KeyPair = box.keyPair(randomBytes(32))): Promise<DirectClient> {
    const socket = connect({host: relay.host, port: relay.port})
    await new Promise<void>((done, failed) => {
      socket.once('connect', done)
      socket.once('error', failed)
    })
    const handshakeKey = box.sharedKey(Buffer.from(relay.publicKey, 'hex'), keys.secretKey)
    const end = new ClientEnd(box, keys.publicKey, box.keyPair(randomBytes(32)), handshakeKey)
    const client = new DirectClient(keys.publicKey, socket, end)
    client.write(end.hello(randomBytes(24), randomBytes(24)))
    await client.#until(() => end.ready)
    return client
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** A packet in its frame. */
  send(packet: Uint8Array): void {
    this.write(this.#end.seal(packet))
  }

  /** Take the first packet that is like this. @returns undefined if the relay closed instead. */
  async receive(isWanted: (packet: Uint8Array) => boolean): Promise<Uint8Array | undefined> {
    let at = -1
    await this.#until(() => {
      at = this.#packets.findIndex(isWanted)
      return at >= 0
    })
    return at >= 0 ? this.#packets.splice(at, 1)[0] : undefined
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Until that is so, or the connection is closed. */
  async #until(isSo: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(patienceMilliseconds)
    while (!isSo() && !this.#isClosed) {
      await new Promise<void>((done, failed) => {
        const late = () => failed(new Error('the relay says nothing'))
        deadline.addEventListener('abort', late, {once: true})
        this.#waiting.add(() => {
          deadline.removeEventListener('abort', late)
          done()
        })
      })
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}

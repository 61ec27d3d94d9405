import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net'
import {loadSodium} from '../../src/crypto/sodium.js'
import {ClientEnd} from '../../src/peer/client-end.js'
import type {PeerEnd, PeerEvent} from '../../src/peer/end.js'
import {RelayEnd} from '../../src/peer/relay-end.js'
import {hexOf} from '../peer/vectors.js'

export const box = await loadSodium()
export const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const newKeys = () => box.keyPair(random(32))

/** A Tox end on a socket: keeps the packets that it hears, as hex, and lets one wait for more. */
export class Speaker {
  readonly heard: string[] = []
  /** What came in place of frames that open: `empty`, `broken`, `raw`. */
  readonly faults: string[] = []
  readonly socket: Socket
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>
  /** Session key, once both handshakes are through. */
  readonly end: PeerEnd
  /** Long-term public key of a client. */
  publicKey: Uint8Array | undefined
  #check = () => {}
  #hasMet = false

  constructor(socket: Socket, end: PeerEnd, meet: (event: Extract<PeerEvent, {kind: 'handshake'}>) => void = () => {}) {
    this.socket = socket
    this.end = end
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      for (const event of end.receive(new Uint8Array(bytes))) {
        if (event.kind === 'handshake') {
          meet(event)
          this.#hasMet = true
        } else if (event.kind === 'frame') {
          this.heard.push(hexOf(event.plain))
          this.answer?.(event.plain)
        } else this.faults.push(event.kind)
      }
      this.#check()
    })
    this.closed = new Promise(done => socket.once('close', () => done()))
    void this.closed.then(() => this.#check())
  }

  /** Called with each packet. */
  answer: ((plain: Uint8Array) => void) | undefined

  say(...plains: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(plains.map(plain => this.end.seal(plain))))
  }

  /** When the other's handshake is through. */
  met(): Promise<void> {
    return this.#until(() => this.#hasMet, 'the handshake')
  }

  /** When something came in place of a frame that opens. */
  fault(): Promise<void> {
    return this.#until(() => this.faults.length > 0, 'a fault')
  }

  packets(count: number): Promise<void> {
    return this.#until(() => this.heard.length >= count, `packet ${count}`)
  }

  #until(holds: () => boolean, what: string): Promise<void> {
    return new Promise((done, failed) => {
      this.#check = () => {
        if (holds()) done()
        else if (this.socket.closed) failed(new Error(`the socket closed before ${what}: ${this.heard.join(' ')}`))
      }
      this.#check()
    })
  }
}

/** A relay of our own: answers handshakes, pings and route requests. */
export class ToxServer {
  readonly keys = newKeys()
  readonly speakers: Speaker[] = []
  port = 0
  readonly #server: Server
  #wake = () => {}

  private constructor() {
    this.#server = createServer({noDelay: true}, socket => {
      const end = RelayEnd.withSecret(box, this.keys.secretKey, newKeys())
      const speaker = new Speaker(socket, end, () => socket.write(end.answer(random(24), random(24))))
      let routes = 0
      speaker.answer = plain => {
        if (plain[0] === 4) speaker.say(Uint8Array.of(5, ...plain.subarray(1)))
        if (plain[0] === 0) speaker.say(Uint8Array.of(1, 16 + routes++, ...plain.subarray(1)))
      }
      this.speakers.push(speaker)
      this.#wake()
    })
  }

  static async start(): Promise<ToxServer> {
    const server = new ToxServer()
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    server.port = (server.#server.address() as AddressInfo).port
    return server
  }

  /** When so many clients have come. */
  clients(count: number): Promise<void> {
    return new Promise(done => {
      this.#wake = () => this.speakers.length >= count && done()
      this.#wake()
    })
  }

  stop(): void {
    for (const {socket} of this.speakers) socket.destroy()
    this.#server.close()
  }
}

/** A client of a relay with this public key, at this port of this machine. */
export async function toxClient(
  port: number,
  relayKey: Uint8Array,
  {before, secretKey = random(32)}: {before?: (socket: Socket) => Promise<void>; secretKey?: Uint8Array} = {},
): Promise<Speaker> {
  const socket = connect({port, host: '127.0.0.1', noDelay: true})
  socket.on('error', () => {})
  await once(socket, 'connect')
  await before?.(socket)
  const end = new ClientEnd(box, box.publicKey(secretKey), newKeys(), box.sharedKey(relayKey, secretKey))
  const speaker = new Speaker(socket, end)
  speaker.publicKey = box.publicKey(secretKey)
  socket.write(end.hello(random(24), random(24)))
  await speaker.met()
  return speaker
}

export const ping = (id: number) => Uint8Array.of(4, 0, 0, 0, 0, 0, 0, id >> 8, id & 255)
export const routeRequest = (fill: number) => new Uint8Array(33).fill(fill).fill(0, 0, 1)

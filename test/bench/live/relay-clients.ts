import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {ClientEnd} from '../../../src/peer/client-end.js'
import {connectNotification} from '../../../src/protocol/packets/connect-notification.js'
import {pingRequest} from '../../../src/protocol/packets/ping-request.js'
import {pongResponse} from '../../../src/protocol/packets/pong-response.js'
import {routeRequest} from '../../../src/protocol/packets/route-request.js'
import {encode} from '../../../src/wire/write.js'
import {box, random} from '../../proxy/tox-ends.js'

/** A relay to load, and the process that it is. */
export interface LoadedRelay {
  readonly name: string
  readonly port: number
  readonly publicKey: Uint8Array
  readonly pid: number
  stop(): Promise<void>
}

/** What happened to the data between all clients. */
export interface Traffic {
  sent: number
  received: number
  /** Packets out of order, or with other bytes than were sent. */
  wrong: number
  /** Connections that the relay closed. */
  closed: number
  /** Microseconds from sending a packet to receiving it, of each. */
  readonly latencies: number[]
}

/** Clients that connect at a time. c-toxcore holds 256 that have not sent a packet. */
const atOnce = 50
/** Id byte, number and time of a data packet. */
const headBytes = 13

/** One client of a relay, which sends numbered data to its peer and checks the peer's. */
class LoadClient {
  readonly keys = box.keyPair(random(32))
  readonly #socket: Socket
  readonly #end: ClientEnd
  readonly #traffic: Traffic
  #wake = () => {}
  #hasMet = false
  #isAnswered = false
  #link = 0
  #sent = 0
  #heard = 0
  /** Called with each data packet. */
  heard = () => {}

  private constructor(socket: Socket, relayKey: Uint8Array, traffic: Traffic) {
    this.#socket = socket
    this.#traffic = traffic
    const session = box.keyPair(random(32))
    this.#end = new ClientEnd(box, this.keys.publicKey, session, box.sharedKey(relayKey, this.keys.secretKey))
    socket.on('error', () => {})
    socket.on('close', () => traffic.closed++)
    socket.on('data', (bytes: Buffer) => {
      for (const event of this.#end.receive(new Uint8Array(bytes)))
        if (event.kind === 'handshake') this.#hasMet = true
        else if (event.kind === 'frame') this.#take(event.plain)
        else traffic.wrong++
      this.#wake()
    })
  }

  /** A client that the relay knows. */
  static async join({port, publicKey}: LoadedRelay, traffic: Traffic): Promise<LoadClient> {
    const socket = connect({port, host: '127.0.0.1', noDelay: true})
    await once(socket, 'connect')
    const client = new LoadClient(socket, publicKey, traffic)
    socket.write(client.#end.hello(random(24), random(24)))
    await client.#until(() => client.#hasMet)
    client.#say(encode(pingRequest, {ping_id: random(8)}))
    await client.#until(() => client.#isAnswered)
    return client
  }

  /** Ask for the other, and wait until the relay has connected both. */
  async meet(other: LoadClient): Promise<void> {
    this.#say(encode(routeRequest, {pk: other.keys.publicKey}))
    await this.#until(() => this.#link > 0)
  }

  /** Send data packets. */
  send(count: number, size: number): void {
    const frames: Uint8Array[] = []
    for (let i = 0; i < count; i++) {
      const plain = new Uint8Array(size).fill(this.#sent)
      const view = new DataView(plain.buffer)
      plain[0] = this.#link
      view.setUint32(1, this.#sent++)
      view.setFloat64(5, performance.now())
      frames.push(this.#end.seal(plain))
    }
    this.#traffic.sent += count
    this.#socket.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames))
  }

  leave(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.destroy()
  }

  #take(plain: Uint8Array): void {
    const [id] = plain
    if (id === pingRequest.id) this.#say(encode(pongResponse, {ping_id: plain.subarray(1)}))
    else if (id === pongResponse.id) this.#isAnswered = true
    else if (id === connectNotification.id) this.#link = plain[1]!
    else if (id === this.#link) this.#check(plain)
  }

  #check(plain: Uint8Array): void {
    const view = new DataView(plain.buffer, plain.byteOffset, plain.length)
    const number = this.#heard++
    const isRight = view.getUint32(1) === number && plain.subarray(headBytes).every(byte => byte === (number & 0xff))
    if (!isRight) this.#traffic.wrong++
    this.#traffic.received++
    this.#traffic.latencies.push(1000 * (performance.now() - view.getFloat64(5)))
    this.heard()
  }

  #say(plain: Uint8Array): void {
    this.#socket.write(this.#end.seal(plain))
  }

  #until(holds: () => boolean): Promise<void> {
    return new Promise((done, failed) => {
      this.#wake = () => {
        if (holds()) done()
      }
      this.#socket.once('close', () => failed(new Error('the relay closed a connection')))
      this.#wake()
    })
  }
}

/** Clients of one relay in pairs that are connected. */
export class Pairs {
  readonly traffic: Traffic = {sent: 0, received: 0, wrong: 0, closed: 0, latencies: []}
  readonly clients: LoadClient[] = []

  /** @param count number of pairs. */
  static async connect(relay: LoadedRelay, count: number): Promise<Pairs> {
    const pairs = new Pairs()
    for (let opened = 0; opened < count; opened += atOnce / 2) {
      const some = Math.min(atOnce / 2, count - opened)
      const joined = await Promise.all(Array.from({length: 2 * some}, () => LoadClient.join(relay, pairs.traffic)))
      await Promise.all(joined.map((client, i) => client.meet(joined[i ^ 1]!)))
      pairs.clients.push(...joined)
    }
    return pairs
  }

  /** Each client sends at a constant rate, in turn. @param rate packets a second of each client. */
  async sendFor(seconds: number, rate: number, size: number): Promise<void> {
    const {clients} = this
    const start = performance.now()
    const perMillisecond = (clients.length * rate) / 1000
    const total = Math.round(seconds * rate * clients.length)
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.ceil((performance.now() - start) * perMillisecond))
      while (sent < due) clients[sent++ % clients.length]!.send(1, size)
      await new Promise(done => setTimeout(done, 2))
    }
    await this.#settled()
  }

  /**
   * Each client sends as fast as its packets arrive: a new one for each that its peer has received.
   * @param window packets of each client that are on their way.
   * @returns packets that arrived in a second.
   */
  async sendAll(seconds: number, window: number, size: number): Promise<number> {
    const {clients, traffic} = this
    let isOver = false
    for (const [i, client] of clients.entries())
      client.heard = () => {
        if (!isOver) clients[i ^ 1]!.send(1, size)
      }
    const [start, before] = [performance.now(), traffic.received]
    for (const client of clients) client.send(window, size)
    await new Promise(done => setTimeout(done, seconds * 1000))
    const rate = ((traffic.received - before) * 1000) / (performance.now() - start)
    isOver = true
    await this.#settled()
    return rate
  }

  leave(): void {
    for (const client of this.clients) client.leave()
  }

  /** Wait for packets on their way, while any still arrives. */
  async #settled(): Promise<void> {
    const {traffic} = this
    for (let idle = 0, before = -1; traffic.received < traffic.sent && idle < 20; ) {
      idle = traffic.received === before ? idle + 1 : 0
      before = traffic.received
      await new Promise(done => setTimeout(done, 100))
    }
  }
}

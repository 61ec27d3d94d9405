import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {ClientEnd} from '../../src/peer/client-end.js'
import type {PeerEnd} from '../../src/peer/end.js'
import {RelayEnd} from '../../src/peer/relay-end.js'
import {box, random} from './tox-ends.js'

export interface LoadOptions {
  /** Where clients connect, given where the relay listens. */
  readonly through: (relayPort: number, relaySecret: Uint8Array) => Promise<number>
  readonly connections: number
  readonly seconds: number
  /** Frames a second that each end of each connection sends. */
  readonly rate: number
  readonly frameBytes: number
  /** Address at which the relay listens. Default: 127.0.0.1. */
  readonly relayHost?: string
  /** Address to which clients connect. Default: 127.0.0.1. */
  readonly clientsTo?: string
}

/** Frames of all connections, both ways. */
export interface LoadCounts {
  sent: number
  received: number
  /** Frames with other bytes than were sent, or not in their place. */
  wrong: number
}

/** Times in a second that an end sends what is due. */
const turns = 20

/** One end of one connection: sends numbered frames, and checks those that it hears. */
class LoadEnd {
  readonly socket: Socket
  readonly met: Promise<void>
  readonly #end: PeerEnd
  readonly #counts: LoadCounts
  readonly #size: number
  #sent = 0
  #heard = 0

  constructor(socket: Socket, end: PeerEnd, counts: LoadCounts, size: number, answer: () => void = () => {}) {
    this.socket = socket
    this.#end = end
    this.#counts = counts
    this.#size = size
    socket.on('error', () => {})
    this.met = new Promise(done => {
      socket.on('data', (bytes: Buffer) => {
        for (const event of end.receive(new Uint8Array(bytes))) {
          if (event.kind === 'handshake') {
            answer()
            done()
          } else if (event.kind === 'frame') this.#check(event.plain)
          else counts.wrong++
        }
      })
    })
  }

  send(frames: number): void {
    const sealed = Array.from({length: frames}, () => this.#end.seal(this.#frame(this.#sent++)))
    this.socket.write(Buffer.concat(sealed))
    this.#counts.sent += frames
  }

  #frame(number: number): Uint8Array {
    const plain = new Uint8Array(this.#size).fill(number)
    plain[0] = 16
    new DataView(plain.buffer).setUint32(1, number)
    return plain
  }

  #check(plain: Uint8Array): void {
    const expected = this.#frame(this.#heard++)
    if (Buffer.compare(plain, expected) === 0) this.#counts.received++
    else this.#counts.wrong++
  }
}

/**
 * Many clients and a relay that all send at once, each frame with its number. One more client sends to a relay's end
 * that reads nothing.
 */
export async function runLoad({
  through,
  connections,
  seconds,
  rate,
  frameBytes,
  relayHost = '127.0.0.1',
  clientsTo = '127.0.0.1',
}: LoadOptions): Promise<LoadCounts> {
  const counts: LoadCounts = {sent: 0, received: 0, wrong: 0}
  const relayKeys = box.keyPair(random(32))
  const ends: LoadEnd[] = []
  const sockets: Socket[] = []
  let accepted = 0
  const server = createServer({noDelay: true}, socket => {
    sockets.push(socket)
    if (accepted++ === 0) {
      socket.on('error', () => {}).pause()
      return
    }
    const end = RelayEnd.withSecret(box, relayKeys.secretKey, box.keyPair(random(32)))
    ends.push(new LoadEnd(socket, end, counts, frameBytes, () => socket.write(end.answer(random(24), random(24)))))
  }).listen({port: 0, host: relayHost, backlog: 1024})
  await once(server, 'listening')
  const port = await through((server.address() as AddressInfo).port, relayKeys.secretKey)
  const open = async () => {
    const socket = connect({port, host: clientsTo, noDelay: true})
    await once(socket, 'connect')
    sockets.push(socket)
    return socket
  }
  const stuck = await open()
  stuck.on('error', () => {})
  const flood = Buffer.alloc(1 << 16, 7)
  const pump = () => {
    while (stuck.write(flood));
  }
  stuck.on('drain', pump)
  pump()
  for (let i = 0; i < connections; i++) {
    const keys = box.keyPair(random(32))
    const end = new ClientEnd(
      box,
      keys.publicKey,
      box.keyPair(random(32)),
      box.sharedKey(relayKeys.publicKey, keys.secretKey),
    )
    const speaker = new LoadEnd(await open(), end, counts, frameBytes)
    ends.push(speaker)
    speaker.socket.write(end.hello(random(24), random(24)))
    await speaker.met
  }
  const until = performance.now() + seconds * 1000
  const frames = Math.max(1, Math.round(rate / turns))
  while (performance.now() < until) {
    const next = performance.now() + (1000 * frames) / rate
    for (const end of ends) end.send(frames)
    await new Promise(done => setTimeout(done, Math.max(0, next - performance.now())))
  }
  const patience = performance.now() + 30_000
  while (counts.received + counts.wrong < counts.sent && performance.now() < patience)
    await new Promise(done => setTimeout(done, 20))
  for (const socket of sockets) socket.destroy()
  server.close()
  return counts
}

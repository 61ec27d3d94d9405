import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {ClientEnd} from '../../../src/peer/client-end.js'
import type {PeerEnd} from '../../../src/peer/end.js'
import {RelayEnd} from '../../../src/peer/relay-end.js'
import {box, random} from '../../proxy/tox-ends.js'
import {median} from '../figures.js'
import {firstThreadSeconds, processorSeconds} from '../processor.js'
import type {Forwarder} from './forwarders.js'

/** What one connection through a forwarder costs. */
export interface Forwarded {
  /** Microseconds of a round trip of a small frame, the median. */
  readonly roundTrip: number
  /** Megabytes a second of large frames from client to relay. */
  readonly rate: number
  /** Microseconds of processor time for a megabyte: of the thread that forwards; NaN without a forwarder. */
  readonly forwarding: number
  /** The same of all threads, until nothing is left to inspect. */
  readonly process: number
}

/** Those before are not measured: code is compiled in them. */
const firstRoundTrips = 2000
const roundTrips = 4000
const smallFrame = 27
const largeFrame = 1400
const megabyte = 1e6
/** Megabytes before those that are measured, in which code is compiled. */
const warmUp = 8
const measured = 48
/** Megabytes that are sealed and then sent at a time: sealing is not measured. */
const atATime = 4
/** Frames of one write. */
const framesTogether = 40

/** Bytes of a frame besides its packet: length and MAC. */
const frameOverhead = 18
/** Packet type of data from or to the first friend; and what such data begins with. */
const dataId = 16
const cryptoData = 0x1b

/** A packet of data for a frame of that size. */
function dataPacket(frameBytes: number): Uint8Array {
  const packet = random(frameBytes - frameOverhead)
  packet.set([dataId, cryptoData])
  return packet
}

/** A client and a relay on one connection through a forwarder, with a friend online. */
class ForwardedConnection {
  readonly pid: number | undefined
  readonly #client: Socket
  readonly #relay: Socket
  readonly #clientEnd: PeerEnd
  readonly #relayEnd: PeerEnd
  readonly #stop: () => Promise<void>

  private constructor(
    pid: number | undefined,
    [client, clientEnd]: readonly [Socket, PeerEnd],
    [relay, relayEnd]: readonly [Socket, PeerEnd],
    stop: () => Promise<void>,
  ) {
    this.pid = pid
    this.#client = client
    this.#relay = relay
    this.#clientEnd = clientEnd
    this.#relayEnd = relayEnd
    this.#stop = stop
  }

  static async open({start}: Forwarder): Promise<ForwardedConnection> {
    const relayKeys = box.keyPair(random(32))
    const server = createServer({noDelay: true}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port, child} = await start((server.address() as AddressInfo).port, relayKeys.secretKey)
    const clientKeys = box.keyPair(random(32))
    const shared = box.sharedKey(relayKeys.publicKey, clientKeys.secretKey)
    const clientEnd = new ClientEnd(box, clientKeys.publicKey, box.keyPair(random(32)), shared)
    const relayEnd = RelayEnd.withSecret(box, relayKeys.secretKey, box.keyPair(random(32)))
    const accepted = firstThatSends(server)
    const client = connect({port, host: '127.0.0.1', noDelay: true})
    await once(client, 'connect')
    client.write(clientEnd.hello(random(24), random(24)))
    const relay = await accepted
    relayEnd.receive(await heard(relay))
    relay.write(relayEnd.answer(random(24), random(24)))
    clientEnd.receive(await heard(client))
    const friend = random(32)
    client.write(clientEnd.seal(Uint8Array.of(0, ...friend)))
    await heard(relay)
    relay.write(relayEnd.seal(Uint8Array.of(1, dataId, ...friend)))
    await heard(client)
    relay.write(relayEnd.seal(Uint8Array.of(2, dataId)))
    await heard(client)
    return new ForwardedConnection(child?.pid, [client, clientEnd], [relay, relayEnd], async () => {
      client.destroy()
      relay.destroy()
      server.close()
      child?.kill('SIGKILL')
      if (child) await once(child, 'exit')
    })
  }

  /** Make that many round trips of a small frame, one after the other. @returns microseconds, the median. */
  async roundTrips(count: number): Promise<number> {
    const there = Array.from({length: count}, () => this.#clientEnd.seal(dataPacket(smallFrame)))
    const back = Array.from({length: count}, () => this.#relayEnd.seal(dataPacket(smallFrame))).values()
    const answer = () => this.#relay.write(back.next().value!)
    this.#relay.on('data', answer)
    const times: number[] = []
    for (const frame of there) {
      const start = performance.now()
      this.#client.write(frame)
      await once(this.#client, 'data')
      times.push(performance.now() - start)
    }
    this.#relay.off('data', answer)
    return 1000 * median(times)
  }

  /** Send large frames. @returns seconds from the first byte sent to the last byte received, sealing excepted. */
  async send(megabytes: number): Promise<number> {
    let milliseconds = 0
    for (let left = megabytes; left > 0; left -= atATime) milliseconds += await this.#sendSealed(this.#sealed(atATime))
    return milliseconds / 1000
  }

  stop(): Promise<void> {
    return this.#stop()
  }

  #sealed(megabytes: number): Buffer[] {
    const pieces = Math.ceil((megabytes * megabyte) / (framesTogether * largeFrame))
    const piece = () =>
      Buffer.concat(Array.from({length: framesTogether}, () => this.#clientEnd.seal(dataPacket(largeFrame))))
    return Array.from({length: pieces}, piece)
  }

  async #sendSealed(pieces: readonly Buffer[]): Promise<number> {
    let left = pieces.reduce((sum, {length}) => sum + length, 0)
    let finish = () => {}
    const all = new Promise<void>(done => {
      finish = done
    })
    const receive = (bytes: Buffer) => {
      left -= bytes.length
      if (left <= 0) finish()
    }
    this.#relay.on('data', receive)
    const start = performance.now()
    for (const piece of pieces) if (!this.#client.write(piece)) await once(this.#client, 'drain')
    await all
    const milliseconds = performance.now() - start
    this.#relay.off('data', receive)
    return milliseconds
  }
}

const heard = async (socket: Socket): Promise<Uint8Array> =>
  new Uint8Array(((await once(socket, 'data')) as [Buffer])[0])

/** The connection that brings a client's bytes: mitmdump's own trial brings none. */
const firstThatSends = (server: ReturnType<typeof createServer>): Promise<Socket> =>
  new Promise(done => {
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => {})
      socket.once('readable', () => socket.readableLength > 0 && done(socket))
    })
  })

/** Start a forwarder and measure a connection through it. */
export async function measureForwarder(forwarder: Forwarder): Promise<Forwarded> {
  const connection = await ForwardedConnection.open(forwarder)
  const {pid} = connection
  await connection.roundTrips(firstRoundTrips)
  const roundTrip = await connection.roundTrips(roundTrips)
  await connection.send(warmUp)
  await settled(pid)
  const before = timesOf(pid)
  const seconds = await connection.send(measured)
  const {forwarding} = timesOf(pid)
  await settled(pid)
  const {process} = timesOf(pid)
  await connection.stop()
  return {
    roundTrip,
    rate: measured / seconds,
    forwarding: (1e6 * (forwarding - before.forwarding)) / measured,
    process: (1e6 * (process - before.process)) / measured,
  }
}

const timesOf = (pid: number | undefined) =>
  pid === undefined
    ? {forwarding: Number.NaN, process: Number.NaN}
    : {forwarding: firstThreadSeconds(pid), process: processorSeconds(pid)}

/** Resolves when a process does nothing any more: when it has inspected all. */
async function settled(pid: number | undefined): Promise<void> {
  if (pid === undefined) return
  for (let before = Number.NaN; before !== processorSeconds(pid); ) {
    before = processorSeconds(pid)
    await new Promise(done => setTimeout(done, 100))
  }
}

import type {KeyPair} from '../../../src/crypto/box.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import type {CloseCause, RelayAction} from '../../../src/peer/relay/events.js'
import {Relay, type RelayOptions} from '../../../src/peer/relay/relay.js'
import type {Datagram} from '../../../src/peer/relay/udp-packets.js'
import type {End} from '../../../src/wire/chunk.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {keysOf} from '../../playbooks/keys.js'

const box = await loadSodium()

/** A client at a relay in memory: says packets, and keeps what it hears. */
export class TestClient {
  readonly heard: string[] = []
  closed: CloseCause | undefined
  readonly end: ClientEnd

  constructor(
    readonly relay: TestRelay,
    readonly connection: number,
    readonly keys: KeyPair,
  ) {
    this.end = new ClientEnd(
      box,
      keys.publicKey,
      box.keyPair(relay.random(32)),
      box.sharedKey(relay.publicKey, keys.secretKey),
    )
  }

  /** The handshake's bytes. */
  hello(): Uint8Array {
    return this.end.hello(this.relay.random(24), this.relay.random(24))
  }

  write(bytes: Uint8Array): this {
    this.relay.wire.push({connection: this.connection, end: 0, bytes, at: this.relay.now})
    this.relay.does(this.relay.core.receive(this.connection, bytes, this.relay.now))
    return this
  }

  say(...packets: readonly Uint8Array[]): this {
    for (const packet of packets) this.write(this.end.seal(packet))
    return this
  }

  leave(): void {
    this.relay.does(this.relay.core.closed(this.connection))
  }

  /** All that it heard since the last call, hex. */
  news(): string[] {
    return this.heard.splice(0)
  }
}

/** What passed between a client and the relay, or the keys of their session. */
export type Passed =
  | {readonly connection: number; readonly end: End; readonly bytes: Uint8Array; readonly at: number}
  | Extract<RelayAction, {kind: 'session'}>

/** A relay in memory, whose clock only wait() moves, with random bytes that are the same in every run. */
export class TestRelay {
  now = 0
  readonly core: Relay
  readonly publicKey: Uint8Array
  readonly datagrams: Datagram[] = []
  readonly clients: TestClient[] = []
  /** All that passed, in order. */
  readonly wire: Passed[] = []
  #drawn = 0

  constructor(options: Partial<RelayOptions> = {}) {
    const {publicKey, secretKey} = keysOf(1).relay
    this.publicKey = publicKey
    this.core = new Relay({
      box,
      secretKey,
      random: bytes => this.random(bytes),
      model: 'c-toxcore',
      pingInterval: 30_000,
      pingTimeout: 10_000,
      handshakeTimeout: 10_000,
      maxUnconfirmed: 100,
      maxPerAddress: () => 1000,
      provocations: new Set(),
      ...options,
    })
  }

  random(bytes: number): Uint8Array {
    const drawn = new Uint8Array(bytes).fill(++this.#drawn)
    drawn[0] = this.#drawn >> 8
    return drawn
  }

  /** A client that has connected, and said nothing. */
  connect(keys: KeyPair = box.keyPair(this.random(32)), ip = '127.0.0.1'): TestClient {
    const client = new TestClient(this, this.clients.length, keys)
    this.clients.push(client)
    this.does(this.core.open(client.connection, ip, this.now))
    return client
  }

  /** A client after its handshake. */
  greet(keys?: KeyPair): TestClient {
    const client = this.connect(keys)
    return client.write(client.hello())
  }

  /** A client that the relay knows. */
  join(keys?: KeyPair): TestClient {
    const client = this.greet(keys).say(Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 1))
    client.news()
    return client
  }

  /** Time passes, and the relay looks what is due. */
  wait(milliseconds: number): void {
    this.now += milliseconds
    this.does(this.core.tick(this.now))
  }

  does(actions: readonly RelayAction[]): void {
    for (const action of actions) {
      if (action.kind === 'udp') this.datagrams.push(action)
      if (action.kind === 'close') this.clients[action.connection]!.closed = action.cause
      if (action.kind === 'session') this.wire.push(action)
      if (action.kind !== 'send') continue
      this.wire.push({connection: action.connection, end: 1, bytes: action.bytes, at: this.now})
      const {end, heard} = this.clients[action.connection]!
      for (const event of end.receive(action.bytes))
        if (event.kind !== 'handshake') heard.push(event.kind === 'frame' ? toHex(event.plain) : event.kind)
    }
  }
}

import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {TcpWriter} from '../../src/capture/write/tcp-writer.js'
import {keyLogLine} from '../../src/crypto/keylog.js'
import {offsetNonce} from '../../src/crypto/nonce.js'
import type {Sender} from '../../src/wire/side.js'
import {FrameList} from '../capture/frame-list.js'
import {makePcap, type PcapRecord} from '../capture/make-pcap.js'
import {keysOf, type PlayKeys, type SessionSecrets} from './keys.js'
import {framed} from './mistakes.js'
import {clientHello, relayHello} from './play.js'

const sides = {client: 0, relay: 1} as const
/** Between two packets of a dialogue. */
const stepMicros = 10_000
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-dialogue-'))
let files = 0

/** One client's connection to the relay. */
interface Line {
  readonly keys: PlayKeys
  readonly secrets: SessionSecrets
  readonly key: Uint8Array
  readonly writer: TcpWriter
  readonly sent: [number, number]
}

/** A dialogue of clients with one relay as a capture, for tests from its bytes to the printed line. */
export class DialogueCapture {
  readonly #frames = new FrameList()
  readonly #records: PcapRecord[] = []
  readonly #lines: Line[] = []
  #line: Line
  #micros = 1_700_000_000_000_000

  /** @param isGreeted whether both handshakes come first. */
  constructor(isGreeted = true) {
    this.#line = this.#open(isGreeted)
  }

  /** The connection of one more client; what follows is said on it. */
  another(): this {
    this.#line = this.#open(true)
    return this
  }

  /** What follows is said on that connection, of 0, 1, ... */
  on(index: number): this {
    this.#line = this.#lines[index]!
    return this
  }

  get keys(): PlayKeys {
    return this.#line.keys
  }

  client(...packets: readonly Uint8Array[]): this {
    return this.#seal('client', packets)
  }

  relay(...packets: readonly Uint8Array[]): this {
    return this.#seal('relay', packets)
  }

  wire(from: Sender, bytes: Uint8Array): this {
    return this.#write(writer => writer.data(sides[from], bytes))
  }

  close(from: Sender): this {
    return this.#write(writer => writer.fin(sides[from]))
  }

  after(seconds: number): this {
    this.#micros += seconds * 1_000_000
    return this
  }

  hello(from: Sender): Uint8Array {
    const {keys, secrets} = this.#line
    return from === 'client' ? clientHello(keys, secrets) : relayHello(keys, secrets)
  }

  /** @returns the arguments that name the capture and a key log with the secret keys of all sessions. */
  written(): string[] {
    const path = join(folder, `${files++}`)
    writeFileSync(`${path}.pcap`, makePcap({little: true, magic: 0xa1b2c3d4}, this.#records))
    const pairs = this.#lines.flatMap(({keys, secrets}) => [keys.relay, secrets.client])
    writeFileSync(`${path}.keylog`, pairs.map(pair => `${keyLogLine({kind: 'secret_key', ...pair})}\n`).join(''))
    return [`${path}.pcap`, '--keylog', `${path}.keylog`]
  }

  #open(isGreeted: boolean): Line {
    const index = this.#lines.length
    const keys = keysOf(1 + index)
    const secrets = keys.session(0)
    const ends = [
      {ip: '192.0.2.1', port: 40_000 + index},
      {ip: '192.0.2.9', port: 33_445},
    ] as const
    const line = {
      keys,
      secrets,
      key: keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey),
      writer: new TcpWriter(ends, this.#frames),
      sent: [0, 0] as [number, number],
    }
    this.#lines.push(line)
    this.#line = line
    this.#write(writer => writer.open())
    if (isGreeted) this.wire('client', this.hello('client')).wire('relay', this.hello('relay'))
    return line
  }

  #seal(from: Sender, packets: readonly Uint8Array[]): this {
    const {keys, secrets, key, sent} = this.#line
    const base = from === 'client' ? secrets.clientBase : secrets.relayBase
    for (const packet of packets) {
      const sealed = keys.box.seal(packet, offsetNonce(base, sent[sides[from]]++, new Uint8Array(24)), key)
      this.wire(from, framed(sealed.length, sealed))
    }
    return this
  }

  #write(write: (writer: TcpWriter) => void): this {
    this.#micros += stepMicros
    write(this.#line.writer)
    const [seconds, fraction] = [Math.floor(this.#micros / 1_000_000), this.#micros % 1_000_000]
    this.#records.push(...this.#frames.taken().map(bytes => ({seconds, fraction, bytes})))
    return this
  }
}

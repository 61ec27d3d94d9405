import {expect, onTestFinished, TestRunner} from 'vitest'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {offsetNonce} from '../../src/crypto/nonce.js'
import {effectsOf, type Finding} from '../../src/expert/finding.js'
import {type Peers, receiversOf} from '../../src/expert/peers.js'
import type {Receiver} from '../../src/expert/rule.js'
import type {RuleCode} from '../../src/expert/rules.js'
import {sealClientHandshake, sealRelayHandshake} from '../../src/peer/handshake.js'
import type {StreamStart} from '../../src/session/connection/deframer.js'
import type {Prelude} from '../../src/session/prelude.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import {World} from '../../src/session/world.js'
import type {Close, End} from '../../src/wire/chunk.js'
import type {Sender} from '../../src/wire/side.js'
import type {PlayKeys, SessionSecrets} from './keys.js'

const sides = {client: 0, relay: 1} as const
/** Between two lines of a dialogue, unless `after` says more. */
const stepMicros = 10_000

export interface PlayOptions {
  /** False: no handshakes yet; the dialogue says them. */
  readonly greets?: boolean
  readonly begin?: readonly [StreamStart, StreamStart]
  readonly hasSegments?: boolean
  readonly hasOrder?: boolean
  readonly isGuess?: boolean
  readonly prelude?: Prelude
  /** What the user says of both ends; default: nothing. */
  readonly peers?: Peers | undefined
  /** What the observer knows; default: the relay's secret key and the client's session keys. */
  readonly know?: readonly KeyItem[]
}

/** One connection of a play: who seals with what, and how often already. */
interface Line {
  readonly id: number
  readonly secrets: SessionSecrets
  readonly key: Uint8Array
  readonly sent: [number, number]
  lastWire: [Uint8Array, Uint8Array]
}

/** A rule that the expected record breaks. */
export const finding = (code: RuleCode): RuleCode => code

/** A dialogue between a client and a relay, top to bottom, and what an observer with keys makes of it. */
export class Play {
  readonly records: SessionRecord[] = []
  readonly keyring: Keyring
  readonly #session: Session
  /** The dialogue so far: what was sent, and the records that were expected. */
  readonly #script: string[] = []
  #said = 0
  #isOver = false
  #micros = 1_700_000_000_000_000
  #lines: Line[] = []
  #line: Line

  constructor(
    readonly keys: PlayKeys,
    readonly options: PlayOptions,
  ) {
    this.keyring = new Keyring(keys.box)
    const know: readonly KeyItem[] = options.know ?? [
      {kind: 'secret_key', publicKey: null, secretKey: keys.relay.secretKey},
    ]
    for (const item of know) this.keyring.add(item, 'the play')
    this.#session = new Session(this.keyring, record => this.records.push(record), {
      world: new World(this.keyring, options.peers, {comparison: 'whole', looksAhead: true}),
    })
    this.#line = this.#newLine(keys)
    this.#begin(keys, options)
  }

  /** One more connection to the same relay; what follows is said on it. */
  open(keys: PlayKeys, options: PlayOptions = {}): this {
    this.#line = this.#newLine(keys)
    return this.#begin(keys, options)
  }

  #newLine(keys: PlayKeys): Line {
    const id = this.#lines.length
    const secrets = keys.session(id)
    const key = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
    if (!this.options.know)
      this.keyring.add({kind: 'secret_key', publicKey: null, secretKey: secrets.client.secretKey}, 'the play')
    const line: Line = {id, secrets, key, sent: [0, 0], lastWire: [new Uint8Array(), new Uint8Array()]}
    this.#lines.push(line)
    return line
  }

  #begin(keys: PlayKeys, options: PlayOptions): this {
    const {id} = this.#line
    const {begin, hasSegments, hasOrder, isGuess, prelude} = options
    this.#session.open(
      id,
      {
        clientEnd: 0,
        ends: {client: null, relay: {ip: '::1', port: 33445}},
        begin,
        hasSegments,
        hasOrder,
        isGuess,
        prelude,
      },
      this.#time(),
    )
    // Where nobody has listened so far, nobody does now.
    const isHeard = this.#said === this.records.length - 1
    if (isHeard) this.#take('start', undefined)
    if (options.greets === false || begin) return this
    this.clientHandshake(keys)
    if (isHeard) this.expect('client_handshake')
    this.relayHandshake(keys)
    if (isHeard) this.expect('relay_handshake')
    return this
  }

  /** What follows is said on that connection. */
  on(id: number): this {
    this.#line = this.#lines[id]!
    return this
  }

  clientHandshake(keys: PlayKeys, behind: Uint8Array = new Uint8Array()): this {
    return this.clientWire(Buffer.concat([clientHello(keys, this.#line.secrets), behind]))
  }

  relayHandshake(keys: PlayKeys, behind: Uint8Array = new Uint8Array()): this {
    return this.relayWire(Buffer.concat([relayHello(keys, this.#line.secrets), behind]))
  }

  client(plain: Uint8Array): this {
    return this.#feed(0, this.sealed('client', plain))
  }

  relay(plain: Uint8Array): this {
    return this.#feed(1, this.sealed('relay', plain))
  }

  clientWire(bytes: Uint8Array): this {
    return this.#feed(0, bytes)
  }

  relayWire(bytes: Uint8Array): this {
    return this.#feed(1, bytes)
  }

  /** The frame of a packet with the sender's next nonce, not sent. */
  sealed(from: Sender, plain: Uint8Array, key = this.#line.key): Uint8Array {
    const side = sides[from]
    const {secrets, sent} = this.#line
    const nonce = new Uint8Array(24)
    offsetNonce(side === 0 ? secrets.clientBase : secrets.relayBase, sent[side]++, nonce)
    const sealed = this.keys.box.seal(plain, nonce, key)
    return Buffer.concat([Uint8Array.from([sealed.length >> 8, sealed.length & 255]), sealed])
  }

  /** Frames that the sender seals and nobody sees. */
  lost(from: Sender, count: number): this {
    this.#line.sent[sides[from]] += count
    return this
  }

  /** The sender's last bytes once more. */
  again(from: Sender): this {
    return this.#feed(sides[from], this.#line.lastWire[sides[from]])
  }

  gap(from: Sender, bytes: number): this {
    this.#script.push(`> ${from}: ${bytes} bytes that were not captured`)
    this.#session.feed({connection: this.#line.id, end: sides[from], time: this.#time(), gap: bytes})
    return this
  }

  close(from: Sender, close: Close): this {
    this.#script.push(`> ${from} closes (${close})`)
    this.#session.feed({connection: this.#line.id, end: sides[from], time: this.#time(), close})
    return this
  }

  after(seconds: number): this {
    this.#micros += seconds * 1_000_000
    return this
  }

  /** The next record is of this type (or, without a window, of this kind), and breaks exactly these rules. */
  expect(name: string, ...codes: RuleCode[]): this {
    this.#take(name, codes)
    return this
  }

  /** The record that was expected last. */
  get last(): SessionRecord {
    return this.records[this.#said - 1]!
  }

  /** Nothing else was said; the capture ends, and the ends of all connections together break exactly these rules. */
  end(...codes: RuleCode[]): this {
    this.#compare([])
    this.stop()
    const ends = this.records.slice(this.#said)
    expect(ends.map(nameOf).every(name => name === 'end')).toBe(true)
    expect(ends.flatMap(({findings}) => findings.map(({code}) => code)).toSorted()).toEqual([...codes].toSorted())
    return this
  }

  /** The capture ends, whatever else was said. */
  stop(): this {
    this.#isOver = true
    this.#session.end()
    return this
  }

  /** Whether the end of the dialogue was checked, or was said not to matter. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether something that was said makes that receiver close. */
  closes(receiver: Receiver): boolean {
    return this.records.some(record => closesOf(record, receiver).length > 0)
  }

  /** @param codes undefined: any. */
  #take(name: string, codes: readonly RuleCode[] | undefined): void {
    const record = this.records[this.#said]
    const isExpected = record && nameOf(record) === name && (!codes || sameCodes(record, codes))
    if (!isExpected) this.#compare([lineOf(name, codes ?? [])])
    this.#said++
    this.#script.push(record ? lineOfRecord(record) : lineOf(name, codes ?? []))
  }

  /**
   * Fail with the difference between the whole dialogue as it was expected and as it was, if there is one.
   * @param expected the next record, or none if no more may come.
   */
  #compare(expected: readonly string[]): void {
    const end = expected.length === 0 ? this.records.length : this.#said + expected.length
    const next = this.records.slice(this.#said, end).map(lineOfRecord)
    expect([...this.#script, ...next].join('\n')).toBe([...this.#script, ...expected].join('\n'))
  }

  #feed(side: End, bytes: Uint8Array): this {
    this.#micros += stepMicros
    this.#script.push(`> ${side === 0 ? 'client' : 'relay'}: ${bytes.length} bytes`)
    this.#line.lastWire[side] = bytes
    this.#session.feed({connection: this.#line.id, end: side, time: this.#time(), bytes})
    return this
  }

  #time() {
    return {micros: this.#micros, nanos: 0}
  }
}

const nameOf = ({window, kind}: SessionRecord): string => window?.type.name ?? kind

const lineOf = (name: string, codes: readonly string[]): string => `  ${[name, ...codes.toSorted()].join(' ')}`
const codesOf = ({findings}: SessionRecord): string[] => findings.map(({code}) => code)
const lineOfRecord = (record: SessionRecord): string => lineOf(nameOf(record), codesOf(record))
const sameCodes = (record: SessionRecord, codes: readonly string[]): boolean =>
  lineOf('', codesOf(record)) === lineOf('', codes)

/** Findings of a record on which a receiver of it closes this connection. */
const closesOf = (record: SessionRecord, receiver: Receiver): Finding[] =>
  receiversOf(record.from).includes(receiver)
    ? record.findings.filter(found => effectsOf(found)[receiver] === 'closes')
    : []

/** The 128 bytes with which a client begins. */
export const clientHello = (keys: PlayKeys, {client, clientBase, clientNonce}: SessionSecrets): Uint8Array =>
  sealClientHandshake(
    keys.box,
    keys.client.publicKey,
    {sessionKey: client.publicKey, baseNonce: clientBase},
    clientNonce,
    keys.box.sharedKey(keys.relay.publicKey, keys.client.secretKey),
  )

/** The 96 bytes with which the relay answers. */
export const relayHello = (keys: PlayKeys, {relay, relayBase, relayNonce}: SessionSecrets): Uint8Array =>
  sealRelayHandshake(
    keys.box,
    {sessionKey: relay.publicKey, baseNonce: relayBase},
    relayNonce,
    keys.box.sharedKey(keys.client.publicKey, keys.relay.secretKey),
  )

/**
 * A dialogue that begins after both handshakes, unless the options say otherwise. In a test it must come to its end: a
 * record after the last one that is expected would pass unseen.
 */
export function play(keys: PlayKeys, options: PlayOptions = {}): Play {
  const dialogue = new Play(keys, options)
  if (TestRunner.getCurrentTest())
    onTestFinished(({task}) => {
      if (task.result?.state !== 'fail' && !dialogue.isOver)
        throw new Error('the playbook is unfinished: it needs .end(), or .stop() where the rest does not matter')
    })
  return dialogue
}

import type {Keyring} from '../crypto/keyring/keyring.js'
import {at, type Finding, finding, joined, noFindings} from '../expert/finding.js'
import type {Peers} from '../expert/peers.js'
import {clientHandshake} from '../protocol/handshake.js'
import {limits} from '../protocol/limits.js'
import {pingRequest} from '../protocol/packets/ping-request.js'
import {hostPort} from '../protocol/text.js'
import {concatBytes, latin1Text} from '../wire/bytes.js'
import type {Time} from '../wire/chunk.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {fieldOf} from '../wire/window.js'
import {Endings, isMereCause} from './endings.js'
import {BoundedMap} from './inner/bounded-map.js'
import {type Forgotten, InnerWorld} from './inner/inner-world.js'
import type {InnerKeyListener} from './inner/opening/passage.js'
import {isLastEnd, type SessionRecord} from './record.js'
import {type RelayedOptions, RelayedWorld} from './relayed/relayed-world.js'

const utf8 = new TextEncoder()

const nothingForgotten: Forgotten = {sessions: 0, fragments: 0, untried: 0}

/** A client key at one relay, and the connection that has it. */
interface Client {
  /** Bytes of the key and of the relay's address, as characters: what is kept for each handshake has to be small. */
  readonly id: string
  isConfirmed: boolean
  /** Whether the relay has sent its handshake. */
  isAnswered: boolean
  /** Whether its packets are those of another connection, captured once more. */
  readonly isCopy: boolean
}

/** One per run: takes all connections' records in order, numbers them, and sees what no single connection can. */
export class World {
  #number = 0
  #firstTime: Time | null = null
  #previousTime: Time | null = null
  readonly #endings = new Endings()
  /** Client key and relay -> connections that are open with it, oldest first. */
  readonly #open = new BoundedMap<string, readonly number[]>(limits.onlineKeys)
  readonly #clients = new Map<number, Client>()
  /** Client handshake -> the connection that sent it first, and the client's address and port; '': not known. */
  readonly #handshakes = new BoundedMap<string, {readonly connection: number; readonly client: string}>(
    limits.onlineKeys,
  )
  /** Relays of which a key that was given has opened a handshake. */
  readonly #knownRelays = new BoundedMap<string, true>(limits.onlineKeys)

  readonly #inner: InnerWorld | undefined

  readonly #peers: Peers | undefined

  readonly #relayed: RelayedWorld

  /**
   * @param keyring keys for the boxes inside packets; default: these stay sealed.
   * @param peers which implementations all ends are; default: what the packets of each connection show.
   * @param relayed default: all of what a relay passes on is compared, and each record is printed at once.
   * @param onInnerKey called with each key that opens boxes inside packets.
   */
  constructor(
    keyring?: Keyring,
    peers?: Peers,
    relayed: RelayedOptions = {comparison: 'whole', looksAhead: false},
    onInnerKey?: InnerKeyListener,
  ) {
    this.#inner = keyring && new InnerWorld(keyring, onInnerKey)
    this.#peers = peers
    this.#relayed = new RelayedWorld(relayed, connection => this.#keyOf(connection))
  }

  /** What was forgotten of the packets inside packets. */
  get forgotten(): Forgotten {
    return this.#inner?.forgotten ?? nothingForgotten
  }

  /** The next record is one of which nothing needs to be known. @returns its number. */
  skip(): number {
    return ++this.#number
  }

  /** @returns the record, numbered, with the findings that other connections cause. */
  take(record: SessionRecord): SessionRecord {
    record.number = ++this.#number
    this.#stamp(record)
    if (this.#peers) record.peers = this.#peers
    this.#inner?.take(record)
    const more = joined(this.#relayed.take(record), this.#findings(record))
    if (more.length > 0) record.findings = [...record.findings, ...more]
    if (record.window?.type === pingRequest) this.#endings.ping(record)
    if (record.kind === 'end' && record.connection !== null && !record.isSecond) {
      record.causes = this.#endings.causesOf(record)
      record.findings = record.findings.filter(found => !isMereCause(found))
    } else if (record.findings.length > 0) this.#endings.note(record)
    if (record.connection !== null && isLastEnd(record)) this.#endings.forget(record.connection)
    return record
  }

  /** No more records come of a connection, also where one side alone has closed it. After its last record. */
  over(connection: number): void {
    this.#end(connection)
    this.#endings.forget(connection)
    this.#inner?.over(connection)
    this.#relayed.over(connection)
  }

  /** Lay down what times of the record are relative to, whichever selection of records is printed. */
  #stamp(record: SessionRecord): void {
    const {time} = record
    this.#firstTime ??= time
    record.firstTime = this.#firstTime
    record.previousTime = this.#previousTime ?? time
    this.#previousTime = time ?? this.#previousTime
  }

  #findings(record: SessionRecord): readonly Finding[] {
    if (record.connection === null) return noFindings
    if (record.kind === 'handshake') {
      if (record.from === 'client') return this.#handshake(record, record.connection)
      const client = this.#clients.get(record.connection)
      if (client) client.isAnswered = true
    }
    if (record.kind === 'frame' && record.state === 'open' && record.from === 'client')
      return this.#confirm(record.connection)
    if (record.kind === 'end') {
      this.#end(record.connection)
      record.findings = this.#judged(record)
    }
    return noFindings
  }

  /** The key in the handshake of a connection's client, in hex. */
  #keyOf(connection: number): string | undefined {
    const client = this.#clients.get(connection)
    return client && toHex(Uint8Array.from(client.id.slice(0, limits.publicKey), each => each.charCodeAt(0)))
  }

  /** The keys of a relay that open the handshakes of others are certain. */
  #judged({findings, ends}: SessionRecord): readonly Finding[] {
    if (!ends?.relay || !this.#knownRelays.get(hostPort(ends.relay))) return findings
    return findings.map(found =>
      found.code === 'client-handshake-refused' ? finding('client-handshake-box', {}) : found,
    )
  }

  #handshake(record: SessionRecord, connection: number): Finding[] {
    if (record.state === 'open' && record.ends?.relay) this.#knownRelays.set(hostPort(record.ends.relay), true)
    const pk = record.window && fieldOf(record.window, 'pk')
    const nonce = record.window && fieldOf(record.window, 'nonce')
    if (!(pk instanceof Uint8Array && nonce instanceof Uint8Array)) return []
    const found: Finding[] = []
    const relay = utf8.encode(record.ends?.relay ? hostPort(record.ends.relay) : '')
    const id = latin1Text(concatBytes([pk, relay]))
    const handshake = latin1Text(concatBytes([pk, nonce, relay]))
    const first = this.#handshakes.get(handshake)
    const client = record.ends?.client ? hostPort(record.ends.client) : ''
    // A replay comes after the answer. On both sides of an address translation each packet is captured twice at once.
    const isCopy = first !== undefined && this.#clients.get(first.connection)?.isAnswered === false
    // From the same port, it is the same connection, captured twice.
    if (first && !isCopy && (client === '' || client !== first.client))
      found.push(finding('handshake-replayed', {connection: first.connection}, {range: [0, limits.clientHandshake]}))
    this.#handshakes.set(handshake, first ?? {connection, client})
    this.#clients.set(connection, {id, isConfirmed: false, isAnswered: false, isCopy})
    if (isCopy) return found
    const others = this.#open.get(id) ?? []
    for (const other of others) found.push(finding('client-key-again', {connection: other}, at(clientHandshake, 'pk')))
    this.#open.set(id, [...others, connection].slice(-limits.sameClientKey))
    return found
  }

  #confirm(connection: number): readonly Finding[] {
    const client = this.#clients.get(connection)
    if (!client || client.isCopy || client.isConfirmed) return noFindings
    client.isConfirmed = true
    const found: Finding[] = []
    for (const other of this.#open.get(client.id) ?? []) {
      if (other === connection || !this.#clients.get(other)?.isConfirmed) continue
      found.push(finding('client-key-confirmed-again', {connection: other}))
    }
    return found
  }

  #end(connection: number): void {
    const client = this.#clients.get(connection)
    if (!client) return
    this.#clients.delete(connection)
    const open = (this.#open.get(client.id) ?? []).filter(other => other !== connection)
    if (open.length > 0) this.#open.set(client.id, open)
    else this.#open.delete(client.id)
  }
}

import {checkFits} from '../../peer/framing.js'
import {packetWindow, typeNamed} from '../../protocol/table.js'
import type {Endpoint} from '../../wire/chunk.js'
import {otherSender, type Sender} from '../../wire/side.js'
import {fieldOf, noShift} from '../../wire/window.js'
import {encodePartial} from '../../wire/write.js'
import type {Rewritten} from '../connection-context.js'
import {delayedPackets, delayMilliseconds, packetsOfScript} from '../limits.js'
import type {PassingPacket, Replacement} from './intercept-event.js'

/** A decrypted packet on its way through an intercepted connection. */
export interface ScriptPacket {
  /** Who sent it. */
  readonly from: 'client' | 'relay'
  /** Counts its sender's packets on this connection, from 0. */
  readonly index: number
  /** Copy of its plaintext: to send other bytes, return them. */
  readonly bytes: Uint8Array
  /** snake_case, as in filters: `ping_request`, `data` ... An empty packet has ''. */
  readonly type: string
  /**
   * Field values by name, as `toxtcp explain TYPE` lists them: bytes as Uint8Array, numbers, addresses as `{family, ip,
   * port}`. Fields that are cut off are absent.
   */
  readonly fields: Readonly<Record<string, unknown>>
}

/** The connection of a packet; the same object for all its packets. */
export interface ScriptSession {
  /** Counts the proxy's connections, from 0. */
  readonly connection: number
  readonly client: Endpoint
  readonly relay: Endpoint
  /** Storage of the script for this connection. */
  readonly memory: Map<string, unknown>
  /** Send a packet of the script's own, now or from a timer. Does nothing once the connection is over. */
  inject(to: 'client' | 'relay', bytes: Uint8Array): void
  /**
   * Build a packet from its field values; bytes may also be given as hex. Lengths are not checked, so that broken
   * packets can be built, too.
   * @throws Error for a type or value that does not exist.
   */
  packet(type: string, fields: Readonly<Record<string, unknown>>): Uint8Array
}

/** What to send in place of a packet. */
export interface ScriptReplacement {
  /** Packets to send onward, in order. Absent: the packet itself. Empty: nothing. */
  readonly send?: Uint8Array | readonly Uint8Array[]
  /** Packets to send back to the sender. */
  readonly reply?: Uint8Array | readonly Uint8Array[]
  /** Milliseconds to wait before it is sent; later packets do not wait for it. */
  readonly delay?: number
}

/** undefined: the packet passes. 'drop': it is dropped. Bytes: they are sent instead. */
export type ScriptResult = undefined | 'drop' | Uint8Array | ScriptReplacement

/**
 * Exports of a `--script` file. onPacket is called for each packet before it is sent on. It must return its result at
 * once, not a promise. If it throws, the packet passes unchanged, with a finding.
 */
export interface Script {
  onPacket(packet: ScriptPacket, session: ScriptSession): ScriptResult
}

/** Makes each connection's rewriter from a script's hook. */
export const scriptRewriter =
  (script: Script) =>
  (connection: Rewritten): ((passing: PassingPacket) => Replacement | undefined) => {
    const session = sessionOf(connection)
    const later = new DelayedPackets(connection)
    return passing => {
      const answer: unknown = script.onPacket(new Passing(passing), session)
      return replacementOf(answer, passing, later)
    }
  }

/** Sends packets of one connection after a delay. */
export class DelayedPackets {
  readonly #inject: Rewritten['inject']
  #kept = 0

  constructor({inject}: Rewritten) {
    this.#inject = inject
  }

  /** Whether as many are delayed as may be at a time. */
  get isFull(): boolean {
    return this.#kept >= delayedPackets
  }

  /** @throws RangeError if it is full, or a packet fits no frame: what a timer throws would end the program. */
  send(to: Sender, packets: readonly Uint8Array[], delay: number): void {
    for (const each of packets) checkFits(each)
    if (this.isFull) throw new RangeError(`${this.#kept} packets of this connection are delayed already`)
    this.#kept++
    const release = () => {
      this.#kept--
      for (const each of packets) this.#inject(to, each, 'late')
    }
    setTimeout(release, delay).unref()
  }
}

class Passing implements ScriptPacket {
  readonly from: Sender
  readonly index: number
  readonly bytes: Uint8Array

  constructor({from, index, plain}: PassingPacket) {
    this.from = from
    this.index = index
    this.bytes = new Uint8Array(plain)
  }

  get #window() {
    return packetWindow(this.bytes, 0, this.bytes.length, noShift)
  }

  get type(): string {
    return this.#window?.type.name ?? ''
  }

  get fields(): Readonly<Record<string, unknown>> {
    const window = this.#window
    if (!window) return {}
    const values = window.type.placed.map(({name}) => [name, fieldOf(window, name)] as const)
    return Object.fromEntries(values.filter(([, value]) => value !== undefined))
  }
}

const sessionOf = ({number, client, relay, inject}: Rewritten): ScriptSession => ({
  connection: number,
  client,
  relay,
  memory: new Map(),
  inject: (to, bytes) => {
    if (to !== 'client' && to !== 'relay')
      throw new TypeError(`inject sends to 'client' or 'relay', not to ${String(to)}`)
    inject(to, bytesOf(bytes, 'the packet to inject'))
  },
  packet: packetOf,
})

function packetOf(name: string, fields: Readonly<Record<string, unknown>>): Uint8Array {
  const type = typeNamed(name)
  if (!type) throw new Error(`unknown packet type "${name}"`)
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const spec = type.placed.find(placed => placed.name === key)?.spec
    if (!spec) throw new Error(`${name} has no field "${key}"`)
    const isBytes = spec.kind === 'bytes' || spec.kind === 'rest' || spec.kind === 'box'
    values[key] = isBytes && typeof value === 'string' ? hexBytes(value, key) : value
  }
  return encodePartial(type, values)
}

function hexBytes(text: string, name: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new Error(`${name} is not hex`)
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** Copies bytes: later changes by the script must not affect the recording. */
function bytesOf(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  throw new TypeError(`${what} is not a Uint8Array`)
}

function listOf(value: unknown, what: string): Uint8Array[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > packetsOfScript) throw new RangeError(`${what} has ${list.length} packets, over ${packetsOfScript}`)
  return Array.from(list, each => bytesOf(each, what))
}

function replacementOf(answer: unknown, {from, plain}: PassingPacket, later: DelayedPackets): Replacement | undefined {
  if (answer === undefined) return undefined
  if (answer === 'drop') return {onward: [], back: []}
  if (answer instanceof Uint8Array) return {onward: [bytesOf(answer, 'the result')], back: []}
  if (typeof answer !== 'object' || answer === null) throw new TypeError(`onPacket returned ${String(answer)}`)
  if ('then' in answer) {
    // An unhandled rejection of it would end the process.
    Promise.resolve(answer).catch(() => {})
    throw new TypeError('onPacket returned a promise; it must return its result at once')
  }
  const {send, reply = [], delay} = answer as Record<keyof ScriptReplacement, unknown>
  const onward = send === undefined ? [plain] : listOf(send, 'send')
  const back = listOf(reply, 'reply')
  if (delay === undefined) return {onward, back}
  if (typeof delay !== 'number' || !(delay >= 0 && delay <= delayMilliseconds))
    throw new TypeError(`delay is ${String(delay)}, which is not a number of milliseconds up to ${delayMilliseconds}`)
  later.send(otherSender(from), onward, delay)
  return {onward: [], back, delayMilliseconds: delay}
}

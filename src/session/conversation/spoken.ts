import {levelsOf} from '../../protocol/levels.js'
import {innerWindow, isPacket} from '../../protocol/table.js'
import type {Time} from '../../wire/chunk.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {otherSide} from '../../wire/side.js'
import {fieldOf, type Window} from '../../wire/window.js'
import {BoundedMap} from '../inner/bounded-map.js'
import type {SessionRecord} from '../record.js'
import {assembledWindow} from '../record-levels.js'
import {type GroupChat, Groups} from './groups.js'
import * as limits from './limits.js'

/** One packet from one peer to another, seen for the first time. */
export interface Spoken {
  readonly time: Time | null
  /**
   * Keys in hex: of net_crypto packets the DHT keys, of friend requests the real keys, in a group the members'
   * encryption keys. null: unknown.
   */
  readonly sender: string | null
  readonly receiver: string | null
  /** The messenger's packet, then what it carries. */
  readonly packet: Window
  readonly carried: Window | undefined
  /** Number of a packet of a net_crypto session. */
  readonly number: number | null
  /** Number of that session, as far as sessions are followed. */
  readonly session?: number | undefined
  /** Whether all of the file that it is about was sent, as far as files are followed. */
  readonly isFileComplete?: boolean | undefined
  /** Set between two members of a group. */
  readonly group?: GroupChat
}

/** Finds what peers say to each other in the records of a run: each packet once, however often it was sent or seen. */
export class SpokenPackets {
  /** The client's key of each connection. */
  readonly #clients = new Map<number, string>()
  /** Session of a sender and a receiver: the session key that the sender announced last. */
  readonly #sessions = new BoundedMap<string, string>(limits.peers)
  readonly #realKeys = new BoundedMap<string, string>(limits.peers)
  readonly #seen = new BoundedMap<string, true>(limits.seenPackets)
  readonly #groups = new Groups()
  /** Encryption keys of members of groups, by their signature keys. */
  readonly #signingMembers = new BoundedMap<string, string>(limits.peers)

  /** The real key of a peer, if the capture shows it. */
  realKeyOf(dhtKey: string): string | undefined {
    return this.#realKeys.get(dhtKey)
  }

  /** The encryption key of a member of a group by its signature key, if the capture shows it. Both in hex. */
  memberSigning(signatureKey: string): string | undefined {
    return this.#signingMembers.get(signatureKey)
  }

  /** Counts what was learned of groups. */
  get groupChanges(): number {
    return this.#groups.changes
  }

  /** The name of a group by its chat id, if the capture shows it. */
  groupNamed(chatId: string): string | undefined {
    return this.#groups.nameOf(chatId)
  }

  /** @param isCounted false: the same packet is new again where it is seen next. */
  take(record: SessionRecord, isCounted = true): Spoken | undefined {
    const {kind, connection, window} = record
    if (kind === 'handshake' && record.from === 'client' && connection !== null) {
      const pk = hexOf(window, 'pk')
      if (pk !== undefined) this.#clients.set(connection, pk)
    }
    if (kind === 'end' && connection !== null) this.#clients.delete(connection)
    if (!window || record.opened.length === 0) return undefined
    const [sender, receiver] = this.#endsOf(record, window)
    const levels = levelsOf(window, record.opened)
    for (const [index, {window: level, opened}] of levels.entries()) {
      if (!opened) continue
      const next = levels[index + 1]?.window
      switch (level.type.name) {
        case 'cookie_request':
          remember(this.#realKeys, hexOf(level, 'pk'), hexOf(opened, 'real_pk'))
          break
        case 'crypto_handshake':
          remember(this.#sessions, `${sender} ${receiver}`, hexOf(opened, 'session_pk'))
          break
        case 'crypto_data': {
          const number = fieldOf(opened, 'packet_number')
          if (!next || typeof number !== 'number') return undefined
          const {session} = record.inferred ?? {}
          const side = session ? `${session.log.number} ${session.side}` : this.#direction(sender, receiver)
          const name = () => nameIn(side, level, next, number)
          if (!this.#isNew(name, isCounted)) return undefined
          const carried = levels[index + 2]?.window
          if (carried && isPacket(next, 'group_invitation')) this.#groups.invited(carried)
          const facts = {session: session?.log.number, isFileComplete: session?.file?.isComplete}
          return {time: record.time, sender, receiver, packet: next, carried, number, ...facts}
        }
        case 'gc_handshake': {
          const member = hexOf(level, 'sender_enc_pk')
          const target = hexOf(level, 'target_enc_pk')
          remember(this.#sessions, `${member} ${target}`, hexOf(opened, 'session_pk'))
          remember(this.#signingMembers, hexOf(opened, 'sig_pk'), member)
          if (member !== undefined && target !== undefined) this.#groups.meet(member, target)
          break
        }
        case 'onion_new_announce_request':
          this.#groups.announced(opened)
          break
        case 'gc_lossless':
        case 'gc_lossy':
          return this.#inGroup(record, level, next, [sender, receiver], isCounted)
        case 'onion_data': {
          const around = levels[index - 1]
          const from = hexOf(around?.opened ?? null, 'sender_pk') ?? null
          if (next?.type.name === 'dht_pk_announce') remember(this.#realKeys, hexOf(next, 'dht_pk'), from ?? undefined)
          if (next?.type.name !== 'friend_request') return undefined
          const to = hexOf(around?.window ?? null, 'destination_pk') ?? null
          const {bytes, start, end} = next
          if (!this.#isNew(() => `${from} ${toHex(bytes, start, end)}`, isCounted)) return undefined
          return {time: record.time, sender: from, receiver: to, packet: next, carried: undefined, number: null}
        }
      }
    }
    return undefined
  }

  /** @param sealed the packet around the one that a member sends. */
  #inGroup(
    record: SessionRecord,
    sealed: Window,
    content: Window | undefined,
    ends: readonly (string | null)[],
    isCounted: boolean,
  ): Spoken | undefined {
    const {assembled} = record.inferred ?? {}
    const packet = isPacket(content ?? null, 'group_fragment') ? assembled && assembledWindow(assembled) : content
    const sender = hexOf(sealed, 'sender_enc_pk')
    if (!packet || sender === undefined) return undefined
    const receiver = ends.find(end => end !== null && end !== sender) ?? null
    const group = this.#groups.meet(sender, receiver)
    this.#groups.learn(group, packet)
    // The same packet at a second place, which may not name its receiver, has the same nonce.
    const id = fieldOf(packet, 'message_id')
    const isElsewhere = !this.#isNew(() => `${sender} ${id} ${hexOf(sealed, 'nonce')}`, isCounted)
    const isNew = id === undefined || this.#isNew(() => `${this.#direction(sender, receiver)} ${id}`, isCounted)
    if (isElsewhere || !isNew) return undefined
    return {time: record.time, sender, receiver, packet, carried: innerWindow(packet), number: null, group}
  }

  #endsOf({connection, from, inferred}: SessionRecord, window: Window): [string | null, string | null] {
    const client = (connection === null ? undefined : this.#clients.get(connection)) ?? null
    const peer = hexOf(window, 'destination_pk') ?? hexOf(window, 'sender_pk') ?? inferred?.peer ?? null
    const [sender, receiver] = from === 'relay' ? [peer, client] : [client, peer]
    if (sender !== null && receiver !== null) return [sender, receiver]
    // What opened with the key of a session goes between its peers, also where their connection does not name them.
    const {log, side} = inferred?.session ?? {}
    if (!log || side === undefined) return [sender, receiver]
    return [sender ?? log.peers[side].pk, receiver ?? log.peers[otherSide(side)].pk]
  }

  /**
   * A sender and a receiver, with the session keys that both announced last: a member of a group that goes on with its
   * key counts anew for one that comes back with another. c-toxcore group_chats.c send_gc_handshake_packet.
   */
  #direction(sender: string | null, receiver: string | null): string {
    const [to, back] = [`${sender} ${receiver}`, `${receiver} ${sender}`]
    return `${to} ${this.#sessions.get(to) ?? ''} ${this.#sessions.get(back) ?? ''}`
  }

  /** @param name made only if packets are counted. */
  #isNew(name: () => string, isCounted: boolean): boolean {
    if (!isCounted && this.#seen.size === 0) return true
    const key = name()
    if (this.#seen.get(key)) return false
    if (isCounted) this.#seen.set(key, true)
    return true
  }
}

/**
 * What a packet of a session has in common only with those that are the same.
 * @param side the session, and who sends.
 */
function nameIn(side: string, sealed: Window, content: Window, number: number): string {
  const id = content.bytes[content.start]!
  const isLossless = id >= firstLossless && id <= lastLossless
  return `${side} ${isLossless ? number : `${number} ${String(fieldOf(sealed, 'nonce_last_bytes'))}`}`
}

/** Ids of packets that are sent until they arrive. c-toxcore PACKET_ID_RANGE_LOSSLESS_START, _END. */
const [firstLossless, lastLossless] = [16, 191]

function remember(map: BoundedMap<string, string>, key: string | undefined, value: string | undefined): void {
  if (key !== undefined && value !== undefined) map.set(key, value)
}

function hexOf(window: Window | null, name: string): string | undefined {
  const value = window ? fieldOf(window, name) : undefined
  return value instanceof Uint8Array ? toHex(value) : undefined
}

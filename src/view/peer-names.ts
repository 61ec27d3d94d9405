import {nameOfLength} from '../protocol/group/name-length.js'
import {packetFields} from '../protocol/table.js'
import {bareKey, shortKey} from '../protocol/text.js'
import type {GroupChat} from '../session/conversation/groups.js'
import {peers} from '../session/conversation/limits.js'
import {type Spoken, SpokenPackets} from '../session/conversation/spoken.js'
import {BoundedMap} from '../session/inner/bounded-map.js'
import type {PeerLog} from '../session/inner/tracking/session-log.js'
import type {SessionRecord} from '../session/record.js'
import type {KeyText} from '../wire/field.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {leftOut} from '../wire/text/phrases.js'
import type {Window} from '../wire/window.js'

/** Names that are known before the first record, by keys in hex. */
export interface GivenNames {
  /** Those that the user gave. */
  readonly labels?: ReadonlyMap<string, string> | undefined
  /** Those of `.tox` saves. */
  readonly savedNames?: ReadonlyMap<string, string> | undefined
}

/** The name that a member of a group says of itself. */
function nameInGroup(packet: Window, carried: Window | undefined): string | undefined {
  const info = packetFields(packet, 'group_peer_info_response')
  return info
    ? nameOfLength(info.nickname, info.nickname_length)
    : packetFields(carried ?? null, 'group_nick')?.nickname
}

const noNames: ReadonlyMap<string, string> = new Map()

/** Characters of a name beside its key. Peers choose their names: one must not fill the line. */
const nameCharacters = 24

/** A name as it is shown beside a key. */
function cutName(name: string): string {
  const characters = [...name]
  return characters.length > nameCharacters ? `${characters.slice(0, nameCharacters - 1).join('')}${leftOut}` : name
}

/** Names of peers by their keys: of labels, of `.tox` saves, and of the packets in which peers say their names. */
export class PeerNames {
  readonly #spoken = new SpokenPackets()
  readonly #labels: ReadonlyMap<string, string>
  readonly #savedNames: ReadonlyMap<string, string>
  /** What peers said, by key in hex. */
  readonly #said = new BoundedMap<string, string>(peers)
  /** Real keys of peers that were learned without their packets, by DHT key in hex. */
  readonly #realKeys = new BoundedMap<string, string>(peers)
  /** Counts the changes of names that peers said. */
  #changes = 0

  /** @param given names that are known before the first record. */
  constructor(readonly given: GivenNames = {}) {
    const {labels, savedNames} = given
    this.#labels = labels ?? noNames
    this.#savedNames = savedNames ?? noNames
  }

  /** Counts the changes of names of peers and groups. */
  get changes(): number {
    return this.#changes + this.#spoken.groupChanges
  }

  /**
   * Follows who sends what, and learns real keys.
   * @param isCounted false: the same packet is new again where it is seen next.
   */
  take(record: SessionRecord, isCounted = false): Spoken | undefined {
    return this.#spoken.take(record, isCounted)
  }

  /** Learns the name that a record says. */
  learn(record: SessionRecord): void {
    const spoken = this.take(record)
    if (spoken) this.learnSpoken(spoken)
  }

  /** @returns the name that a packet says, if it says one. */
  learnSpoken({sender, packet, carried}: Spoken): string | undefined {
    const nickname = packetFields(packet, 'nickname')?.nickname ?? nameInGroup(packet, carried)
    if (sender === null || nickname === undefined || nickname === '') return nickname
    // The DHT key of a peer is another one after it starts again.
    this.#say([sender, this.#spoken.realKeyOf(sender)], nickname)
    return nickname
  }

  /** Learns what is known of a peer of a net_crypto session. */
  learnPeer({pk, realPk, name}: Pick<PeerLog, 'pk' | 'realPk' | 'name'>): void {
    if (pk !== null && realPk !== null) this.#realKeys.set(pk, realPk)
    if (name !== null && name !== '') this.#say([pk, realPk], name)
  }

  #say(keys: readonly (string | null | undefined)[], name: string): void {
    for (const key of keys) {
      if (typeof key !== 'string') continue
      if (this.#said.get(key) !== name) this.#changes++
      this.#said.set(key, name)
    }
  }

  /** The name that the user gave, else the one that the peer said last, else the one of a save. @param key in hex. */
  nameOf(key: string): string | undefined {
    const real = this.#spoken.realKeyOf(key) ?? this.#realKeys.get(key) ?? this.#spoken.memberSigning(key) ?? key
    const label = this.#labels.get(key) ?? this.#labels.get(real)
    const said = this.#said.get(real) ?? this.#said.get(key) ?? this.#savedNames.get(real)
    return label ?? said ?? this.#spoken.groupNamed(key)
  }

  /** As `nameOf`, else the key, shortened; `?` where it is not known. */
  nameOrKey(key: string | null): string {
    return key === null ? '?' : (this.nameOf(key) ?? shortKey(key))
  }

  /** The encryption key of a member of a group by its signature key, if the capture shows it. Both in hex. */
  memberSigning(signatureKey: string): string | undefined {
    return this.#spoken.memberSigning(signatureKey)
  }

  /** The name of a group: the one that the user gave its chat id, else its own, else its chat id or its number. */
  groupName({chatId, name, number}: GroupChat): string {
    const label = chatId === undefined ? undefined : this.#labels.get(chatId)
    return `group ${label ?? name ?? (chatId === undefined ? number : shortKey(chatId))}`
  }

  /** `Anna`, cut where it is long; undefined: the key has no name. */
  readonly shownName = (key: string): string | undefined => {
    if (this.#labels.size + this.#said.size + this.#savedNames.size === 0) return undefined
    const name = this.nameOf(key)
    return name === undefined ? undefined : cutName(name)
  }

  /** `Anna (8f01…bb10)`; of a key without a name, the key alone. */
  readonly keyText: KeyText = key => {
    const name = this.shownName(typeof key === 'string' ? key : toHex(key))
    return name === undefined ? bareKey(key) : `${name} (${bareKey(key)})`
  }
}

import {type PacketFields, packetFields} from '../../protocol/table.js'
import {excerpt, shortKey} from '../../protocol/text.js'
import {groupSayings, peers} from '../../session/conversation/limits.js'
import type {Spoken} from '../../session/conversation/spoken.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import {latin1Text} from '../../wire/bytes.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {PeerNames} from '../peer-names.js'
import {LastSaid} from './said.js'

interface Conference {
  /** Counts the conferences of a run from 1, in the order in which they are seen. */
  readonly number: number
  /** The same for all members, in hex. */
  id: string | undefined
  title: string | undefined
}

interface Member {
  /** In hex. */
  readonly realPk: string
  nickname: string
}

/** What was said, and by whom: `Anna > conference Tea`. */
type Line = readonly [who: string, words: string]

/** What members of conferences say to each other, in words: each once, however often it is passed on. */
export class ConferenceConversation {
  readonly #byId = new BoundedMap<string, Conference>(peers)
  /** By the DHT key of a peer, and the number that the conference has there. */
  readonly #byNumber = new BoundedMap<string, Conference>(peers)
  readonly #members = new BoundedMap<string, Member>(peers)
  readonly #said = new BoundedMap<string, true>(groupSayings)
  readonly #last = new LastSaid()
  #count = 0

  constructor(readonly names: PeerNames) {}

  take(spoken: Spoken): Line | undefined {
    const {packet} = spoken
    const online = packetFields(packet, 'conference_peer_online')
    if (online) this.#learn(spoken.sender, online.conference_id, online.unique_id)
    const direct = packetFields(packet, 'conference_direct')
    if (direct) return this.#direct(spoken, this.#of(spoken.receiver, direct.conference_id))
    const message = packetFields(packet, 'conference_message')
    if (message) return this.#message(spoken, this.#of(spoken.receiver, message.conference_id), message)
    const words = this.#invitation(spoken)
    return words === undefined
      ? undefined
      : [`${this.names.nameOrKey(spoken.sender)} > ${this.names.nameOrKey(spoken.receiver)}`, words]
  }

  #invitation({sender, receiver, carried}: Spoken): string | undefined {
    const invite = packetFields(carried ?? null, 'conference_invite')
    if (invite) return `invites to ${titleOf(this.#learn(sender, invite.conference_id, invite.unique_id))}`
    const member = packetFields(carried ?? null, 'conference_invite_member')
    const answer = member ?? packetFields(carried ?? null, 'conference_invite_response')
    if (!answer) return undefined
    this.#learn(receiver, answer.conference_id_join, answer.unique_id)
    const conference = this.#learn(sender, answer.conference_id_local, answer.unique_id)
    return `${member ? 'is already in' : 'joins'} ${titleOf(conference)}`
  }

  /** What one member sends to another, which does not pass it on. */
  #direct({sender, carried}: Spoken, conference: Conference): Line | undefined {
    for (const peer of packetFields(carried ?? null, 'conference_query_response')?.peers ?? [])
      this.#meet(conference, peer.peer_id, {realPk: toHex(peer.real_pk), nickname: peer.nickname})
    const title = packetFields(carried ?? null, 'conference_title')?.title
    return title === undefined ? undefined : this.#title(conference, this.names.nameOrKey(sender), title)
  }

  #message(
    {carried}: Spoken,
    conference: Conference,
    {peer_id: peer, message_id: message}: PacketFields<'conference_message'>,
  ): Line | undefined {
    if (!carried) return undefined
    const {bytes, start, end} = carried
    const key = `${conference.id ?? ''} ${peer} ${message} ${latin1Text(bytes.subarray(start, end))}`
    if (this.#said.get(key)) return undefined
    this.#said.set(key, true)
    const line = (words: string, of = peer): Line => [`${this.#nameOf(conference, of)} > ${titleOf(conference)}`, words]
    const isNews = (what: string, value: string) => this.#last.isNews(`${conference.number} ${peer} ${what}`, value)
    switch (carried.type.name) {
      case 'conference_text':
        return line(packetFields(carried, 'conference_text')?.text ?? '')
      case 'conference_action':
        return line(`* ${packetFields(carried, 'conference_action')?.text ?? ''}`)
      case 'conference_new_peer': {
        const joined = packetFields(carried, 'conference_new_peer')
        if (!joined) return undefined
        this.#meet(conference, joined.new_peer_id, {realPk: toHex(joined.long_term_pk), nickname: ''})
        return line('is in the conference', joined.new_peer_id)
      }
      case 'conference_kill_peer':
        return line('leaves')
      case 'conference_freeze_peer':
        return line('leaves, and may come back')
      case 'conference_change_name': {
        const name = packetFields(carried, 'conference_change_name')?.name
        if (name === undefined || !isNews('name', name)) return undefined
        const before = line(`is called ${excerpt(name)}`)
        const member = this.#members.get(`${conference.number} ${peer}`)
        if (member) member.nickname = name
        return before
      }
      case 'conference_change_title': {
        const title = packetFields(carried, 'conference_change_title')?.title
        return title === undefined ? undefined : this.#title(conference, this.#nameOf(conference, peer), title)
      }
      default:
        return undefined
    }
  }

  #title(conference: Conference, by: string, title: string): Line | undefined {
    if (conference.title === title) return undefined
    const who = `${by} > ${titleOf(conference)}`
    conference.title = title
    return [who, `the title is ${excerpt(title)}`]
  }

  #nameOf({number}: Conference, peer: number): string {
    const member = this.#members.get(`${number} ${peer}`)
    if (!member) return `member ${peer}`
    return this.names.nameOf(member.realPk) ?? (member.nickname || shortKey(member.realPk))
  }

  #meet({number}: Conference, peer: number, member: Member): void {
    const place = `${number} ${peer}`
    const nickname = member.nickname || this.#members.get(place)?.nickname || ''
    this.#members.set(place, {...member, nickname})
  }

  /** The conference that has this number at a peer. */
  #of(peer: string | null, number: number): Conference {
    const place = `${peer} ${number}`
    const known = this.#byNumber.get(place) ?? this.#add()
    this.#byNumber.set(place, known)
    return known
  }

  #learn(peer: string | null, number: number, id: Uint8Array): Conference {
    const [unique, place] = [toHex(id), `${peer} ${number}`]
    const before = this.#byNumber.get(place)
    // A peer gives the number of a conference that it left to the next one.
    const known = this.#byId.get(unique) ?? (before?.id === undefined ? before : undefined) ?? this.#add()
    known.id = unique
    this.#byId.set(unique, known)
    this.#byNumber.set(place, known)
    return known
  }

  #add(): Conference {
    return {number: ++this.#count, id: undefined, title: undefined}
  }
}

const titleOf = ({number, title}: Conference): string => `conference ${title ?? number}`

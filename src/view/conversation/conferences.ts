import {type PacketFields, packetFields} from '../../protocol/table.js'
import {shortKey} from '../../protocol/text.js'
import {peers} from '../../session/conversation/limits.js'
import {latest} from '../../session/conversation/same.js'
import type {Spoken} from '../../session/conversation/spoken.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import {latin1Text} from '../../wire/bytes.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {PeerNames} from '../peer-names.js'
import {type Conference, joined, newConference, titleOf} from './conference.js'
import {HeardMessages} from './heard-messages.js'
import {LastSaid, quoted} from './said.js'

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
  readonly #heard = new HeardMessages()
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
    if (message) return this.#message(spoken, message)
    const lossy = packetFields(packet, 'conference_lossy')
    if (lossy) return this.#sound(this.#of(spoken.receiver, lossy.conference_id), lossy)
    const words = this.#invitation(spoken)
    return words === undefined
      ? undefined
      : [`${this.names.nameOrKey(spoken.sender)} > ${this.names.nameOrKey(spoken.receiver)}`, words]
  }

  #invitation({sender, receiver, carried}: Spoken): string | undefined {
    const invite = packetFields(carried ?? null, 'conference_invite')
    if (invite) {
      const title = titleOf(this.#learn(sender, invite.conference_id, invite.unique_id))
      return `invites to ${title}${invite.conference_type === audioType ? ', an audio conference' : ''}`
    }
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

  /** What a member says to all others: each passes it on. */
  #message({sender, receiver, carried}: Spoken, message: PacketFields<'conference_message'>): Line | undefined {
    if (!carried) return undefined
    const {conference_id: number, peer_id: peer, message_id: id} = message
    const conference = this.#of(receiver, number)
    const {bytes, start, end} = carried
    const name = `${peer} ${id} ${latin1Text(bytes.subarray(start, end))}`
    const before = this.#heard.take(name, {sender, receiver, number, conference})
    // Names and titles may be the same in two conferences; a text of the same number hardly is.
    if (before && texts.has(carried.type.name)) joined(before, conference)
    if (before) return undefined
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
        const before = line(`is called ${quoted(name)}`)
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

  /** The first sound of each member, which others pass on. */
  #sound(conference: Conference, {peer_id: peer, kind}: PacketFields<'conference_lossy'>): Line | undefined {
    if (kind !== soundKind || !this.#last.isNews(`${conference.number} ${peer} sound`, 'on')) return undefined
    return [`${this.#nameOf(conference, peer)} > ${titleOf(conference)}`, 'begins to send sound']
  }

  #title(conference: Conference, by: string, title: string): Line | undefined {
    if (conference.title === title) return undefined
    const who = `${by} > ${titleOf(conference)}`
    conference.title = title
    return [who, `the title is ${quoted(title)}`]
  }

  #nameOf({numbers}: Conference, peer: number): string {
    const known = numbers.map(number => this.#members.get(`${number} ${peer}`))
    const member = known.find(each => each?.nickname) ?? known.find(each => each)
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
    const known = latest(this.#byNumber.get(place)) ?? this.#add()
    this.#byNumber.set(place, known)
    return known
  }

  #learn(peer: string | null, number: number, id: Uint8Array): Conference {
    const [unique, place] = [toHex(id), `${peer} ${number}`]
    const before = latest(this.#byNumber.get(place))
    // A peer gives the number of a conference that it left to the next one.
    const known = latest(this.#byId.get(unique)) ?? (before?.id === undefined ? before : undefined) ?? this.#add()
    known.id = unique
    this.#byId.set(unique, known)
    this.#byNumber.set(place, known)
    return known
  }

  #add(): Conference {
    return newConference(++this.#count)
  }
}

/** c-toxcore GROUPCHAT_TYPE_AV, GROUP_AUDIO_PACKET_ID. */
const [audioType, soundKind] = [1, 192]

const texts: ReadonlySet<string> = new Set(['conference_text', 'conference_action'])

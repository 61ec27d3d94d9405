import {refusals} from '../../protocol/group/lossy.js'
import {nameOfLength} from '../../protocol/group/name-length.js'
import {packetFields} from '../../protocol/table.js'
import type {GroupChat} from '../../session/conversation/groups.js'
import type {Spoken} from '../../session/conversation/spoken.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {fieldOf, type Window} from '../../wire/window.js'
import type {PeerNames} from '../peer-names.js'
import {GroupSayings} from './group-sayings.js'
import {GroupStates} from './group-states.js'
import {LastSaid, quoted, statusText, summaryOf} from './said.js'

/** What members of groups say to each other, in words. */
export class GroupConversation {
  readonly #last = new LastSaid()
  readonly #sayings = new GroupSayings()
  readonly #states = new GroupStates()

  constructor(readonly names: PeerNames) {}

  take(spoken: Spoken, group: GroupChat): readonly [who: string, words: string] | undefined {
    const sender = this.names.nameOrKey(spoken.sender)
    this.names.learnSpoken(spoken)
    const words = this.#wordsOf(spoken, group)
    if (words === undefined) return undefined
    const of = this.names.groupName(group)
    const isPrivate = forOneMember.has((spoken.carried ?? spoken.packet).type.name)
    return [`${sender} > ${isPrivate ? `${this.names.nameOrKey(spoken.receiver)} (${of})` : of}`, words]
  }

  #wordsOf(spoken: Spoken, group: GroupChat): string | undefined {
    const {packet, carried} = spoken
    const said = carried ?? packet
    switch (said.type.name) {
      case 'group_message':
        return this.#toAll(spoken, packetFields(said, 'group_message')?.text)
      case 'group_action':
        return this.#toAll(spoken, `* ${packetFields(said, 'group_action')?.text ?? ''}`)
      case 'group_private_message': {
        const message = packetFields(said, 'group_private_message')
        return message?.message_type === 1 ? `* ${message.text}` : message?.text
      }
      case 'group_nick': {
        const nickname = packetFields(said, 'group_nick')?.nickname
        return nickname !== undefined && this.#isNews(spoken, 'name', nickname)
          ? `is called ${quoted(nickname)}`
          : undefined
      }
      case 'group_status': {
        const status = packetFields(said, 'group_status')?.status ?? -1
        return this.#isNews(spoken, 'status', String(status)) ? statusText(status) : undefined
      }
      case 'group_peer_info_response':
        return this.#introduction(spoken)
      case 'group_peer_exit': {
        const text = packetFields(said, 'group_peer_exit')?.text
        if (!this.#isNews(spoken, 'presence', 'left')) return undefined
        return text === undefined || text === '' ? 'leaves' : `leaves: ${quoted(text)}`
      }
      case 'group_topic':
        return this.#topic(said, group)
      case 'group_shared_state':
        return this.#states.words(said, group)
      case 'group_kick_peer':
      case 'group_set_mod':
      case 'group_set_observer':
        return this.#toAll(spoken, this.#moderation(said))
      case 'group_invite_reject': {
        const reason = packetFields(said, 'group_invite_reject')?.reason ?? -1
        return `refuses: ${refusals[reason] ?? `reason ${reason}`}`
      }
      case 'group_custom':
      case 'group_custom_lossy':
        return this.#toAll(spoken, summaryOf(said, this.names.keyText))
      case 'group_custom_private':
      case 'group_custom_private_lossy':
        return summaryOf(said, this.names.keyText)
      default:
        return undefined
    }
  }

  /** What a member says to all others is sent to each of them, and shown once. */
  #toAll(spoken: Spoken, words: string | undefined): string | undefined {
    return this.#sayings.isNew(spoken) ? words : undefined
  }

  /** Members tell each other who they are where they meet: a new one, and those that it meets. */
  #introduction(spoken: Spoken): string | undefined {
    const info = packetFields(spoken.packet, 'group_peer_info_response')
    const nickname = info ? nameOfLength(info.nickname, info.nickname_length) : ''
    const isSeen = !this.#isNews(spoken, 'presence', 'here')
    if (info) this.#isNews(spoken, 'name', nickname)
    const isNewStatus = info !== undefined && this.#isNews(spoken, 'status', String(info.status))
    if (isSeen) return undefined
    if (!info) return 'is in the group'
    const status = isNewStatus && info.status !== 0 ? `, and ${statusText(info.status)}` : ''
    return `is in the group${nickname === '' ? '' : ` as ${quoted(nickname)}`}${status}`
  }

  #topic(packet: Window, {number}: GroupChat): string | undefined {
    const set = packetFields(packet, 'group_topic')
    if (!set || !this.#last.isNews(`topic ${number}`, set.topic, '')) return undefined
    return `the topic is ${quoted(set.topic)}, set by ${this.#signing(set.setter_sig_pk)}`
  }

  #moderation(packet: Window): string | undefined {
    const kick = packetFields(packet, 'group_kick_peer')
    if (kick) return `removes ${this.names.nameOrKey(toHex(kick.target_pk))}`
    const mod = packetFields(packet, 'group_set_mod')
    if (mod) {
      const member = this.#signing(mod.target_sig_pk)
      return mod.is_set === 1 ? `makes ${member} a moderator` : `takes ${member} the role of a moderator`
    }
    const observer = packetFields(packet, 'group_set_observer')
    if (!observer) return undefined
    const member = this.names.nameOrKey(toHex(observer.target_enc_pk))
    return observer.is_set === 1 ? `takes ${member} the right to speak` : `gives ${member} the right to speak`
  }

  #signing(key: Uint8Array): string {
    const hex = toHex(key)
    return this.names.nameOrKey(this.names.memberSigning(hex) ?? hex)
  }

  /** Whether a member says something else than before. A member has a key of its own in each group. */
  #isNews({sender}: Spoken, what: string, value: string): boolean {
    return this.#last.isNews(`${sender} ${what}`, value)
  }
}

/** The steps in which a friend is invited to a group. @param step what the invitation carries. */
export function invitationWords(step: Window, names: PeerNames): string | undefined {
  const id = fieldOf(step, 'chat_id')
  if (!(id instanceof Uint8Array)) return undefined
  const group = `group ${names.nameOrKey(toHex(id))}`
  switch (step.type.name) {
    case 'group_invite':
      return `invites to ${group}`
    case 'group_invite_accepted':
      return `accepts the invitation to ${group}`
    default:
      return `says where the members of ${group} are`
  }
}

const forOneMember: ReadonlySet<string> = new Set([
  'group_private_message',
  'group_custom_private',
  'group_custom_private_lossy',
  'group_invite_reject',
])

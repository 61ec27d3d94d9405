import {nameOfLength} from '../../protocol/group/name-length.js'
import {announcedMember} from '../../protocol/onion/announce-request.js'
import {packetFields} from '../../protocol/table.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {fieldOf, type Window} from '../../wire/window.js'
import {BoundedMap} from '../inner/bounded-map.js'
import * as limits from './limits.js'
import {asOne, type Joinable, latest} from './same.js'

/** A group chat (NGC), as far as it is known. */
export interface GroupChat {
  /** Counts the groups of a run from 1, in the order in which they are seen. */
  readonly number: number
  /** As whoever made it named it. */
  name: string | undefined
  /** Its public signature key in hex. */
  chatId: string | undefined
}

interface Known extends GroupChat, Joinable<Known> {}

/** Makes two groups that turned out to be the same one: the one with the lower number. */
function joined(one: Known, other: Known): Known {
  // Groups with two chat ids are two, whatever a member says.
  if (one === other || (one.chatId ?? other.chatId) !== (other.chatId ?? one.chatId)) return one
  const [first, second] = asOne(one, other)
  first.name ??= second.name
  first.chatId ??= second.chatId
  return first
}

/** Which members, by their encryption keys, belong to the same group. A member has another key in each group. */
export class Groups {
  readonly #byMember = new BoundedMap<string, Known>(limits.peers)
  /** By chat id, and by the random key that a member asks nodes for. */
  readonly #byChatId = new BoundedMap<string, Known>(limits.peers)
  #count = 0
  /** Counts what was learned of names and chat ids. */
  changes = 0

  /** The group of two members that speak with each other. Both are encryption keys in hex. */
  meet(sender: string, receiver: string | null): Known {
    const one = this.#of(sender) ?? (receiver === null ? undefined : this.#of(receiver)) ?? this.#add()
    this.#byMember.set(sender, one)
    const other = receiver === null ? one : (this.#of(receiver) ?? one)
    if (receiver !== null) this.#byMember.set(receiver, other)
    return joined(one, other)
  }

  /** The name of a group by its chat id, in hex, if the capture shows it. */
  nameOf(chatId: string): string | undefined {
    return latest(this.#byChatId.get(chatId))?.name
  }

  /** Learns what a packet between members says of their group. */
  learn(group: GroupChat, packet: Window): void {
    const state = packetFields(packet, 'group_shared_state')
    if (state) this.#name(group, nameOfLength(state.group_name, state.group_name_length))
  }

  /**
   * Learns the group of a member that announces itself at a node, where others search for the group.
   * @param plain of the opened box of a request.
   */
  announced(plain: Window): void {
    const member = announcedMember(plain)
    if (!member) return
    const group = this.#identify(this.meet(toHex(member.pk), null), toHex(member.chat_id))
    const searched = fieldOf(plain, 'search_pk')
    if (!(searched instanceof Uint8Array)) return
    const key = toHex(searched)
    if (!this.#byChatId.get(key)) this.#byChatId.set(key, group)
  }

  /** Learns the group of a member that invites a friend, or answers an invitation. */
  invited(packet: Window): void {
    const step =
      packetFields(packet, 'group_invite') ??
      packetFields(packet, 'group_invite_accepted') ??
      packetFields(packet, 'group_invite_confirmation')
    if (!step) return
    const group = this.#identify(this.meet(toHex(step.enc_pk), null), toHex(step.chat_id))
    const name = packetFields(packet, 'group_invite')?.group_name
    if (name !== undefined && group.name === undefined) this.#name(group, name)
  }

  /** Gives a group its chat id; the first stays. Members that name the same one are in the same group. */
  #identify(group: Known, chatId: string): Known {
    if (group.chatId !== undefined && group.chatId !== chatId) return group
    const known = latest(this.#byChatId.get(chatId))
    const whole = known ? joined(known, group) : group
    if (whole.chatId !== chatId) this.changes++
    whole.chatId = chatId
    this.#byChatId.set(chatId, whole)
    return whole
  }

  #name(group: GroupChat, name: string): void {
    if (group.name !== name) this.changes++
    group.name = name
  }

  #of(member: string): Known | undefined {
    return latest(this.#byMember.get(member))
  }

  #add(): Known {
    return {number: ++this.#count, name: undefined, chatId: undefined, same: undefined}
  }
}

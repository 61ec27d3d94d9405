import {nameOfLength} from '../../protocol/group/name-length.js'
import {packetFields} from '../../protocol/table.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {Window} from '../../wire/window.js'
import {BoundedMap} from '../inner/bounded-map.js'
import * as limits from './limits.js'

/** A group chat (NGC), as far as it is known. */
export interface GroupChat {
  /** Counts the groups of a run from 1, in the order in which they are seen. */
  readonly number: number
  /** As whoever made it named it. */
  name: string | undefined
  /** Its public signature key in hex. */
  chatId: string | undefined
}

interface Known extends GroupChat {
  /** What is known of the same group since it turned out to be the same. */
  same: Known | undefined
}

/** Which members, by their encryption keys, belong to the same group. A member has another key in each group. */
export class Groups {
  readonly #byMember = new BoundedMap<string, Known>(limits.peers)
  #count = 0

  /** The group of two members that speak with each other. Both are encryption keys in hex. */
  meet(sender: string, receiver: string | null): GroupChat {
    const one = this.#of(sender) ?? (receiver === null ? undefined : this.#of(receiver)) ?? this.#add()
    this.#byMember.set(sender, one)
    const other = receiver === null ? one : (this.#of(receiver) ?? one)
    if (receiver !== null) this.#byMember.set(receiver, other)
    if (one === other) return one
    const [first, second] = one.number < other.number ? [one, other] : [other, one]
    second.same = first
    first.name ??= second.name
    first.chatId ??= second.chatId
    return first
  }

  /** Learns what a packet between members says of their group. */
  learn(group: GroupChat, packet: Window): void {
    const state = packetFields(packet, 'group_shared_state')
    if (state) group.name = nameOfLength(state.group_name, state.group_name_length)
  }

  /** Learns the group of a member that invites a friend, or answers an invitation. */
  invited(packet: Window): void {
    const step =
      packetFields(packet, 'group_invite') ??
      packetFields(packet, 'group_invite_accepted') ??
      packetFields(packet, 'group_invite_confirmation')
    if (!step) return
    const group = this.meet(toHex(step.enc_pk), null)
    group.chatId = toHex(step.chat_id)
    group.name ??= packetFields(packet, 'group_invite')?.group_name
  }

  #of(member: string): Known | undefined {
    let known = this.#byMember.get(member)
    while (known?.same) known = known.same
    return known
  }

  #add(): Known {
    return {number: ++this.#count, name: undefined, chatId: undefined, same: undefined}
  }
}

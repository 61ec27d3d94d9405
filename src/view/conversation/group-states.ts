import {nameOfLength} from '../../protocol/group/name-length.js'
import {type PacketFields, packetFields} from '../../protocol/table.js'
import type {GroupChat} from '../../session/conversation/groups.js'
import {groupSayings} from '../../session/conversation/limits.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import {groupedCount} from '../../wire/text/phrases.js'
import type {Window} from '../../wire/window.js'
import {quoted} from './said.js'

interface State {
  readonly version: number
  readonly words: readonly string[]
}

/** What the founders of groups set for all members, in words: all of it first, and then what changes. */
export class GroupStates {
  /** By the number of the group. */
  readonly #known = new BoundedMap<number, State>(groupSayings)

  words(packet: Window, {number}: GroupChat): string | undefined {
    const fields = packetFields(packet, 'group_shared_state')
    if (!fields) return undefined
    const before = this.#known.get(number)
    // Members pass it on: an old one comes late.
    if (before && fields.version <= before.version) return undefined
    const words = wordsOf(fields)
    this.#known.set(number, {version: fields.version, words})
    const news = words.filter((each, index) => each !== before?.words[index])
    return news.length === 0 ? undefined : `the group: ${news.join('; ')}`
  }
}

function wordsOf(state: PacketFields<'group_shared_state'>): string[] {
  const {privacy_state, max_peers, voice_state, topic_lock, password_length, password} = state
  return [
    ['public', 'private'][privacy_state] ?? `privacy ${privacy_state}`,
    `up to ${groupedCount(max_peers, 'member')}`,
    ['all may speak', 'moderators may speak', 'the founder may speak'][voice_state] ?? `voice ${voice_state}`,
    topic_lock === 0 ? 'moderators set the topic' : 'all set the topic',
    password_length === 0 ? 'no password' : `the password is ${quoted(nameOfLength(password, password_length))}`,
  ]
}

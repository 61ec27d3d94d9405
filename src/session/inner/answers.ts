import type {Level} from '../../protocol/levels.js'
import {announcedMember} from '../../protocol/onion/announce-request.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {fieldOf} from '../../wire/window.js'
import type {Answer} from '../inferred.js'
import type {SessionRecord} from '../record.js'
import {BoundedMap} from './bounded-map.js'
import * as limits from './limits.js'
import type {Passage} from './opening/passage.js'

/** Request types and what answers them: both carry the same eight bytes, in a field of this name. */
const exchanges: Readonly<Record<string, {readonly field: string; readonly isRequest: boolean}>> = {
  onion_announce_request: {field: 'sendback', isRequest: true},
  onion_new_announce_request: {field: 'sendback', isRequest: true},
  onion_announce_response: {field: 'sendback', isRequest: false},
  onion_new_announce_response: {field: 'sendback', isRequest: false},
  data_search_request: {field: 'ping_id', isRequest: true},
  data_search_response: {field: 'ping_id', isRequest: false},
  data_retrieve_request: {field: 'ping_id', isRequest: true},
  data_retrieve_response: {field: 'ping_id', isRequest: false},
  store_announce_request: {field: 'ping_id', isRequest: true},
  store_announce_response: {field: 'ping_id', isRequest: false},
  cookie_request: {field: 'echo_id', isRequest: true},
  cookie_response: {field: 'echo_id', isRequest: false},
}

interface Request extends Pick<SessionRecord, 'number' | 'time'> {
  readonly chatId: string | undefined
}

/** Ties answers to requests by the opaque bytes that come back. */
export class Answers {
  readonly #requests = new BoundedMap<string, Request>(limits.rememberedKeys)

  /** Notes a request, and adds to an answer what it answers. @param levels of the record. */
  take(record: SessionRecord, {pair}: Passage, levels: readonly Level[]): void {
    for (const level of levels) {
      const exchange = exchanges[level.window.type.name]
      const id = exchange && bytesNamed(level, exchange.field)
      if (!exchange || id === undefined) continue
      // Answers from nodes come back on the connection of their request; those of a peer, from that peer.
      const place = exchange.field === 'echo_id' ? pair.id : record.connection
      const key = `${place} ${id}`
      if (!exchange.isRequest) this.#answer(record, this.#requests.get(key))
      else if (!this.#requests.get(key))
        this.#requests.set(key, {number: record.number, time: record.time, chatId: chatIdIn(level)})
    }
  }

  #answer(record: SessionRecord, request: Request | undefined): void {
    if (!request) return
    const micros = record.time && request.time ? record.time.micros - request.time.micros : null
    const answers: Answer = {number: request.number, micros, chatId: request.chatId}
    record.inferred = {...record.inferred, answers}
  }
}

function chatIdIn({window, opened}: Level): string | undefined {
  const member = window.type.name === 'onion_new_announce_request' && opened ? announcedMember(opened) : undefined
  return member && toHex(member.chat_id)
}

function bytesNamed({window, opened}: Level, name: string): string | undefined {
  const value = fieldOf(window, name) ?? (opened && fieldOf(opened, name))
  return value instanceof Uint8Array ? toHex(value) : undefined
}

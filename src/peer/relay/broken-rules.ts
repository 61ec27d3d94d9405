import {checkPacket} from '../../expert/check.js'
import type {RuleCode} from '../../expert/rules.js'
import {limits} from '../../protocol/limits.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {lengthOf, type Window} from '../../wire/window.js'
import type {RelayClient} from './client.js'

/**
 * Codes of the rules that a client's packet breaks: by its own bytes, and by the state of its connection, as far as a
 * relay reacts to it.
 */
export function* brokenRules(packet: Window, client: RelayClient): IterableIterator<RuleCode> {
  for (const {code} of checkPacket(packet, 'client')) yield code
  const {type, bytes, start} = packet
  switch (type.name) {
    case 'data':
      yield* brokenByData(packet, client)
      return
    case 'disconnect_notification': {
      const id = bytes[start + 1]
      if (id !== undefined && id >= limits.firstConnectionId && !client.links.at(id)) yield 'disconnect-of-free-id'
      return
    }
    case 'pong_response':
      if (lengthOf(packet) >= type.minLength) yield* brokenByPong(packet, client)
  }
}

function* brokenByData(packet: Window, {links}: RelayClient): IterableIterator<RuleCode> {
  const link = links.at(packet.bytes[packet.start]!)
  if (lengthOf(packet) === 1) yield link?.online ? 'data-empty-online' : 'data-empty-offline'
  if (!link) yield 'data-on-free-id'
  else if (!link.online) yield 'data-on-offline-id'
}

function* brokenByPong({bytes, start, type}: Window, {ping}: RelayClient): IterableIterator<RuleCode> {
  if (!ping) yield 'pong-unasked'
  else if (toHex(bytes, start + 1, start + type.minLength) !== ping) yield 'pong-mismatch'
}

import type {CloseCause, RelayCounts} from '../../peer/relay/events.js'
import {hostPort} from '../../protocol/text.js'
import type {EmbeddedRelay} from '../../proxy/embedded/embedded-relay.js'
import type {Endpoint} from '../../wire/chunk.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {groupedCount, groupedText} from '../../wire/text/phrases.js'
import type {Embedded} from './embedded.js'
import type {RelayKey} from './relay-key.js'

/**
 * Sentences at the start of an embedded relay: its key, and how a client uses it.
 * @param servesAll it serves all clients, not only those that name no destination.
 */
export function relayNotes({relay: {udp}, key}: Embedded, bound: Endpoint, servesAll: boolean): readonly string[] {
  if (!servesAll)
    return [`clients that begin with a Tox handshake are served by a relay with the public key ${toHex(key.publicKey)}`]
  return [
    ...relayKeyNotes(key, bound),
    ...(udp ? [`onion and forward requests leave from UDP port ${hostPort(udp.bound)}`] : []),
  ]
}

/** Sentences about the key of a relay that listens, and how a client uses it. */
export function relayKeyNotes({publicKey, file, isNew}: RelayKey, bound: Endpoint): readonly string[] {
  const kept =
    file === undefined
      ? 'new, and lost when the relay ends: no file keeps it'
      : `${isNew ? 'new, kept in' : 'from'} ${file}`
  const bytes = [...publicKey].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  return [
    `public key of the relay: ${toHex(publicKey)} (${kept})`,
    `in a client: tox_add_tcp_relay(tox, "${bound.ip}", ${bound.port}, (const uint8_t *)"${bytes}", NULL)`,
  ]
}

const causeTexts: Partial<Record<CloseCause, string>> = {
  replaced: 'replaced by a new connection with the same key',
  unwritable_packet: 'sent a packet that tox-rs cannot pass on',
  handshake_timeout: 'without a handshake in time',
  unconfirmed_limit: 'over the limit of clients that have sent no packet',
  address_limit: 'over the limit of connections from one address',
  slow_reader: 'too slow to read',
  drop_after: 'after --drop-after',
}

/** Sentences at the end of an embedded relay: what it dropped, refused and closed. */
export function relaySummary({counts, udp}: EmbeddedRelay): readonly string[] {
  const closed = [...counts.closed].map(([cause, count]) => `${groupedCount(count, 'connection')} ${causeText(cause)}`)
  return [
    `${groupedCount(counts.relayed, 'packet')} relayed, ${groupedCount(counts.dropped, 'packet')} dropped because ` +
      'their receivers read too slowly',
    ...(closed.length > 0 ? [`closed by the relay: ${closed.join(', ')}`] : []),
    ...(udp && udp.refused > 0
      ? [`${groupedCount(udp.refused, 'UDP packet')} to other machines not sent (see --allow-remote)`]
      : []),
    ...(udp && udp.failed > 0 ? [`${groupedCount(udp.failed, 'UDP packet')} could not be sent`] : []),
  ]
}

const causeText = (cause: CloseCause): string => causeTexts[cause] ?? `for ${cause}`

/** The status line of a relay. @param rate packets per second that are relayed. */
export const relayStatus = ({open, confirmed, dropped}: RelayCounts, rate: number): string =>
  `${groupedCount(open, 'connection')} (${groupedText(open - confirmed)} without a packet), ` +
  `${groupedText(Math.round(rate))} packets/s relayed, ${groupedText(dropped)} dropped`

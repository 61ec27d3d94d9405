import {excerpt} from '../protocol/text.js'
import type {Delivery, FilePart, SessionAtEnd, SessionFacts} from '../session/inferred.js'
import {sessionEnds} from '../session/inner/tracking/session-log.js'
import type {KeyText} from '../wire/field.js'
import {otherSide} from '../wire/side.js'
import {countText, groupedText} from '../wire/text/phrases.js'
import {duration} from './headline.js'
import {inferredNode, type Node} from './node.js'

/** Most packet numbers that are listed one by one. */
const listedNumbers = 16

const peerText = (pk: string | null, keyText: KeyText): string => (pk === null ? '?' : keyText(pk))

/** How a session ended, or how it stands. */
export function sessionEndText({log, end}: SessionAtEnd, keyText: KeyText): string {
  const {how, by, number} = end
  const who = by === null ? '' : ` (${peerText(log.peers[by].pk, keyText)})`
  const peers = log.peers.map(({pk}) => peerText(pk, keyText)).join(' and ')
  return `${peers}: ${sessionEnds[how]}${who}${number === null ? '' : `, #${number}`}`
}

/** `, arrives: sent as #7 on connection 0, 1.200 ms before`. */
function deliveryText({state, first, sent}: Delivery): string {
  if (state === 'first') return ''
  if (state === 'again') return `, sent again, first in #${first}`
  const place = sent && sent.connection !== null ? ` on connection ${sent.connection}` : ''
  const before = sent && sent.micros !== null ? `, ${duration(sent.micros)} before` : ''
  return `, arrives: sent as #${first}${place}${before}`
}

/** `transfer 1 "a.png", bytes 1,371 to 2,742 of 200,000 (1 %)`. */
function fileText({transfer, name, size, offset, length}: FilePart): string {
  const named = `transfer ${transfer} ${excerpt(name)}`
  if (offset === null) return `${named}, ${size === null ? 'a stream' : `${groupedText(size)} bytes`}`
  const end = offset + length
  const share = size === null || size === 0 ? '' : ` of ${groupedText(size)} (${Math.floor((100 * end) / size)} %)`
  return `${named}, bytes ${groupedText(offset)} to ${groupedText(end)}${share}`
}

/**
 * What is known of a packet by the session that it belongs to.
 * @param isOriginKnown whether the record says already where the packet was sent.
 */
export function sessionNodes(facts: SessionFacts, isOriginKnown: boolean, keyText: KeyText): Node[] {
  const {log, side, delivery, missing, roundTripMicros, unacknowledged, file, end} = facts
  const [sender, receiver] = [log.peers[side].pk, log.peers[otherSide(side)].pk].map(pk => peerText(pk, keyText))
  const nodes = [
    inferredNode('Session', `${log.number}, ${sender} > ${receiver}${isOriginKnown ? '' : deliveryText(delivery)}`),
  ]
  if (missing.length > 0) {
    const more = missing.length > listedNumbers ? `, and ${missing.length - listedNumbers} more` : ''
    const shown = missing.slice(0, listedNumbers).join(', ')
    nodes.push(inferredNode('Waits for', `${countText(missing.length, 'packet')} of ${receiver}: ${shown}${more}`))
  }
  if (roundTripMicros !== null)
    nodes.push(inferredNode('Round trip', `${duration(roundTripMicros)} since ${receiver} sent what this confirms`))
  if (unacknowledged !== null && unacknowledged > 0)
    nodes.push(inferredNode('Not confirmed', `${countText(unacknowledged, 'packet')} by ${receiver}`))
  if (file) nodes.push(inferredNode('File', fileText(file)))
  if (end) nodes.push(inferredNode('Session end', sessionEndText({log, end}, keyText)))
  return nodes
}

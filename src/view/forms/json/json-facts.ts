import {messageOf} from '../../../expert/finding.js'
import type {Peers} from '../../../expert/peers.js'
import {arrivalStateOf, type Inferred, type OtherHalf, type SessionFacts} from '../../../session/inferred.js'
import type {Cause, SessionRecord} from '../../../session/record.js'
import {jsonString} from '../../escape.js'

/** The part of a record without a packet that is a level elsewhere. */
export function eventJson(record: SessionRecord, withBytes: boolean): string {
  const {state} = record
  const plaintext = withBytes && state === 'open' ? ',"plaintext":""' : ''
  const stateText = state === null ? 'null' : `"${state}"`
  return `"state":${stateText},"type":null,"id":null,"fields":{${eventFields(record)}},"inner":null${plaintext}`
}

function eventFields({kind, close, causes, peers, prelude}: SessionRecord): string {
  if (kind === 'end' && close !== null)
    return `"how":"${close}","peers":${peersJson(peers)},"causes":[${causes.map(causeJson).join(',')}]`
  if (!prelude) return ''
  const [client, relay] = prelude.bytes
  const destination = jsonString(prelude.destination)
  return `"proxy":"${prelude.proxy}","destination":${destination},"client_bytes":${client},"relay_bytes":${relay}`
}

/** Which implementation each end is; null: not known. */
const peersJson = ({client, relay}: Peers): string =>
  `{"client":${client && `"${client}"`},"relay":${relay && `"${relay}"`}}`

function causeJson({finding, number, packets, receivers, secondsBefore}: Cause): string {
  const closing = receivers.map(receiver => `"${receiver}"`).join(',')
  const what = `"code":"${finding.code}","message":${jsonString(messageOf(finding))}`
  const when = `"number":${number},"packets":[${packets.join(',')}]`
  return `{${when},${what},"receivers":[${closing}],"seconds_before":${secondsBefore}}`
}

/** `"sent_as":7,"sent_on":0,"transit_micros":1200`, or the same of an arrival. */
const halfJson = (what: 'sent' | 'arrives', {number, connection, micros}: OtherHalf): string =>
  `"${what}_as":${number},"${what}_on":${connection},"transit_micros":${micros}`

/** @param assembled the packet that came in fragments; empty: none. */
export function inferredJson(inferred: Inferred, assembled: string): string {
  const {roundTrip, peer, sentAs, arrival, answers, cookie, session, sessions} = inferred
  const parts: string[] = []
  if (roundTrip) parts.push(`"round_trip_micros":${roundTrip.micros},"ping_index":${roundTrip.index}`)
  if (peer !== undefined) parts.push(`"peer":${jsonString(peer)}`)
  if (sentAs) parts.push(halfJson('sent', sentAs))
  const arrived = arrivalStateOf({inferred})
  if (arrived) parts.push(`"arrival":"${arrived}"`)
  if (arrival?.at && arrival.at !== 'never') parts.push(halfJson('arrives', arrival.at))
  if (answers) parts.push(`"answers":${answers.number},"answer_micros":${answers.micros}`)
  if (answers?.chatId !== undefined) parts.push(`"answer_chat_id":${jsonString(answers.chatId)}`)
  if (cookie) {
    const keys = `"real_pk":"${cookie.realPk}","dht_pk":"${cookie.dhtPk}"`
    parts.push(`"cookie":{"age_seconds":${cookie.ageSeconds},${keys}}`)
  }
  if (session) parts.push(sessionJson(session, sentAs !== undefined))
  if (assembled !== '') parts.push(assembled)
  if (sessions) {
    const ends = sessions.map(({log, end}) => `{"session":${log.number},"end":"${end.how}"}`)
    parts.push(`"sessions":[${ends.join(',')}]`)
  }
  return parts.length === 0 ? '' : `,"inferred":{${parts.join(',')}}`
}

/** @param isSentKnown whether the record says already where the packet was sent. */
function sessionJson(facts: SessionFacts, isSentKnown: boolean): string {
  const {log, delivery, missing, roundTripMicros, unacknowledged, file, end} = facts
  const parts = [`"session":${log.number},"delivery":"${delivery.state}"`]
  if (delivery.first !== null) parts.push(`"first_number":${delivery.first}`)
  const {sent} = delivery
  if (sent && !isSentKnown) parts.push(`"sent_on":${sent.connection},"transit_micros":${sent.micros}`)
  if (missing.length > 0) parts.push(`"missing":[${missing.join(',')}]`)
  if (roundTripMicros !== null) parts.push(`"acknowledged_micros":${roundTripMicros}`)
  if (unacknowledged !== null) parts.push(`"unacknowledged":${unacknowledged}`)
  if (file) parts.push(`"transfer":${file.transfer},"file_name":${jsonString(file.name)}`)
  if (file && file.offset !== null) parts.push(`"offset":${file.offset}`)
  if (end) parts.push(`"end":"${end.how}"`)
  return parts.join(',')
}

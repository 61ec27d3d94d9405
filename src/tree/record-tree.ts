import {type Finding, messageOf} from '../expert/finding.js'
import {receiverTitles} from '../expert/receivers.js'
import {limits} from '../protocol/limits.js'
import {bareKey, bytesCount} from '../protocol/text.js'
import type {Assembled, CookieContents, OtherHalf} from '../session/inferred.js'
import type {Cause, SessionRecord} from '../session/record.js'
import {assembledWindow} from '../session/record-levels.js'
import type {KeyText} from '../wire/field.js'
import {type OptionNames, refuseUnknownOptions} from '../wire/text/option-names.js'
import type {Range} from '../wire/window.js'
import {type NameOf, namedKey, nameless} from './field-text.js'
import {duration, endsText, summaryOf, titleOf} from './headline.js'
import {assembledNode, levelNode} from './level.js'
import {inferredNode, type Node, noChildren} from './node.js'
import {sessionEndText, sessionNodes} from './session-nodes.js'

/** Bytes of a frame around its packet: the length and the MAC. */
const frameOverhead = limits.frameLengthPrefix + limits.mac

/** Most packet numbers that are listed one by one. */
const listedPackets = 4

/** `packet 15`, `packets 15, 16`, `11 packets from 15 to 40`. */
function packetsText(packets: readonly number[]): string {
  if (packets.length > listedPackets) return `${packets.length} packets from ${packets[0]} to ${packets.at(-1)}`
  return packets.length === 0 ? '' : `packet${packets.length === 1 ? '' : 's'} ${packets.join(', ')}`
}

const joined = (...parts: readonly string[]): string => parts.filter(part => part !== '').join(', ')

/** The frame around a packet: the bytes on the wire outside the packet's fields. */
function frameNode(record: SessionRecord, findings: readonly Finding[]): Node {
  const {length, index, wire, window} = record
  const end = Math.min(wire?.length ?? 0, window ? frameOverhead : Number.POSITIVE_INFINITY)
  return {
    title: 'Frame',
    name: 'length',
    text: joined(
      length === null ? '' : `length ${length}`,
      index === null ? '' : `nonce +${index}`,
      packetsText(record.packets),
    ),
    ...(wire && {range: [0, end] as Range, of: 'wire' as const}),
    findings,
    children: noChildren,
  }
}

const cookieText = ({ageSeconds, realPk, dhtPk}: CookieContents, nameOf: NameOf): string =>
  joined(
    ageSeconds === null ? '' : `${ageSeconds} s old`,
    `made for real key ${namedKey(realPk, nameOf)}`,
    `DHT key ${namedKey(dhtPk, nameOf)}`,
  )

const afterText = (micros: number | null): string => (micros === null ? '' : `after ${duration(micros)}`)

/** `#7 on connection 0, 1.200 ms before`. */
const halfText = ({number, connection, micros}: OtherHalf, when: string): string =>
  joined(`#${number} on connection ${connection}`, micros === null ? '' : `${duration(micros)} ${when}`)

function inferredNodes({inferred}: SessionRecord, {nameOf = nameless, keyText = bareKey}: RecordTreeOptions): Node[] {
  if (!inferred) return []
  const nodes: Node[] = []
  const {roundTrip, peer, sentAs, arrival, answers, cookie, session, assembled, sessions} = inferred
  if (roundTrip) {
    const time = roundTrip.micros === null ? '' : duration(roundTrip.micros)
    const ping = roundTrip.index === null ? '' : `answers the ping in frame +${roundTrip.index}`
    nodes.push(inferredNode('Round trip', joined(time, ping)))
  }
  if (peer !== undefined) nodes.push({...inferredNode('Peer', namedKey(peer, nameOf), 'key'), name: 'inferred.peer'})
  if (sentAs) nodes.push(inferredNode('Origin', `sent as ${halfText(sentAs, 'before')}`))
  if (arrival?.at === 'never') nodes.push(inferredNode('Arrival', 'never arrives'))
  else if (arrival?.at) nodes.push(inferredNode('Arrival', `arrives as ${halfText(arrival.at, 'later')}`))
  if (answers) nodes.push(inferredNode('Answers', joined(`#${answers.number}`, afterText(answers.micros))))
  if (answers?.chatId !== undefined) nodes.push(inferredNode('Group', namedKey(answers.chatId, nameOf), 'key'))
  if (cookie) nodes.push(inferredNode('Cookie', cookieText(cookie, nameOf)))
  if (session) nodes.push(...sessionNodes(session, sentAs !== undefined, keyText))
  if (assembled) nodes.push(...assembledNodes(assembled, nameOf))
  for (const each of sessions ?? [])
    nodes.push(inferredNode(`Session ${each.log.number}`, sessionEndText(each, keyText)))
  return nodes
}

/** A packet of a group that came in fragments. */
function assembledNodes(assembled: Assembled, nameOf: NameOf): Node[] {
  const {fragments, isStartKnown} = assembled
  const start = isStartKnown ? '' : 'the message before it was not seen'
  const whole = assembledWindow(assembled)
  const text = joined(fragmentsText(fragments), start)
  return [{...inferredNode('Put together', text), children: () => (whole ? [assembledNode(whole, nameOf)] : [])}]
}

/** `3 fragments: #7, #8, #9`. */
function fragmentsText(fragments: readonly number[]): string {
  const numbers = fragments.map(number => `#${number}`)
  const shown = fragments.length > listedPackets ? `${numbers[0]} to ${numbers.at(-1)}` : numbers.join(', ')
  return `${fragments.length} fragments: ${shown}`
}

/** Possible causes of the close, or one node that says that none is known. */
function causeNodes({kind, close, isSecond, causes}: SessionRecord): Node[] {
  if (kind !== 'end' || isSecond || close === null || close === 'capture_end') return []
  if (causes.length === 0) return [inferredNode('Cause', 'not known')]
  return causes.map(cause => inferredNode('Cause', causeText(cause)))
}

/** At the end of a connection: the implementations of its ends, as far as they are known. */
function peersNodes({kind, isSecond, peers}: SessionRecord): Node[] {
  if (kind !== 'end' || isSecond) return []
  const known = (['client', 'relay'] as const).filter(role => peers[role] !== null)
  const titles = known.map(role => receiverTitles[`${peers[role]!}_${role}`])
  return known.length === 0 ? [] : [inferredNode('Ends', joined(...titles))]
}

/** Where a cause is: `#117, packet 882, 0.041 s before`. */
export const causePlace = ({number, packets, count, secondsBefore}: Cause): string =>
  joined(
    `#${number}`,
    packetsText(packets),
    secondsBefore === null ? '' : `${secondsBefore.toFixed(3)} s before`,
    count === 1 ? '' : `the latest of ${count}`,
  )

function causeText(cause: Cause): string {
  const {finding, receivers} = cause
  const closing = receivers.map(receiver => `a ${receiverTitles[receiver]}`).join(' and ')
  const reaction = closing === '' ? '' : `; ${closing} close${receivers.length === 1 ? 's' : ''} on it`
  return `${finding.code} (${causePlace(cause)}): ${messageOf(finding)}${reaction}`
}

/** State of a handshake's box, in words. */
function handshakeText(record: SessionRecord): string {
  const box = {open: 'box open', sealed: 'box sealed', failed: 'box does not open', plain: ''}[record.state ?? 'plain']
  return joined(record.length === null ? '' : bytesCount(record.length), box, packetsText(record.packets))
}

function connectionNode({connection, ends, kind, packets}: SessionRecord): Node {
  return {
    title: 'Connection',
    name: 'connection',
    text: joined(String(connection ?? 'unknown'), endsText(ends), kind === 'end' ? packetsText(packets) : ''),
    findings: [],
    children: noChildren,
  }
}

export interface RecordTreeOptions {
  /** Whether records of several connections are shown, so that each names its own. */
  readonly hasConnections?: boolean
  /** Names beside whole keys; default: none. */
  readonly nameOf?: NameOf | undefined
  /** Keys in summaries; default: without names. */
  readonly keyText?: KeyText | undefined
}

const optionNames: OptionNames<RecordTreeOptions> = {hasConnections: true, nameOf: true, keyText: true}

/**
 * The tree of a record. The root's title and text are its headline; below it the frame, the packet with what it
 * carries, and what was worked out. Each finding is at the innermost node whose bytes it names.
 */
export function recordTree(record: SessionRecord, options: RecordTreeOptions = {}): Node {
  refuseUnknownOptions(options, optionNames)
  const {hasConnections = false, nameOf = nameless, keyText} = options
  const {window, opened, kind} = record
  const hasFrame = kind === 'frame'
  const onWire = record.findings.filter(({of}) => of === 'wire')
  const inPacket = record.findings.filter(({of, range}) => of !== 'wire' && range !== undefined)
  const own = record.findings.filter(({of, range}) => (of === 'wire' ? !hasFrame : range === undefined || !window))
  return {
    title: titleOf(record),
    text: summaryOf(record, keyText),
    findings: own,
    children() {
      const nodes: Node[] = []
      if (hasConnections) nodes.push(connectionNode(record))
      if (hasFrame) nodes.push(frameNode(record, onWire))
      if (window) {
        const level = levelNode(window, {outer: window, opened, findings: inPacket, nameOf})
        nodes.push(kind === 'handshake' ? {...level, text: handshakeText(record)} : level)
      }
      return [...nodes, ...inferredNodes(record, options), ...peersNodes(record), ...causeNodes(record)]
    },
  }
}

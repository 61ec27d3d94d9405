import {isConnectionId} from '../protocol/connection-id.js'
import {limits} from '../protocol/limits.js'
import {connectNotification} from '../protocol/packets/connect-notification.js'
import {pingRequest} from '../protocol/packets/ping-request.js'
import {routeResponse} from '../protocol/packets/route-response.js'
import {innerWindow} from '../protocol/table.js'
import {hexByte} from '../wire/hex/hex-bytes.js'
import {type Fault, faults} from '../wire/layout-faults.js'
import type {Sender} from '../wire/side.js'
import {lengthOf, type Range, type Window} from '../wire/window.js'
import {packetFault, payloadFault} from './faults.js'
import {at, atId, type Finding, finding, joined, noFindings} from './finding.js'
import {checkCarried} from './inner-check.js'

/**
 * Checks one packet alone, without any state: direction, layout, values, payload.
 * @param from the sender; null if unknown: then the direction is not checked.
 * @returns the findings, their ranges as offsets in the packet; a shared empty array where there are none.
 */
export function checkPacket(packet: Window, from: Sender | null): readonly Finding[] {
  const {type} = packet
  if (type.name === 'reserved') return [finding('reserved-id', {id: packet.bytes[packet.start]!}, atId)]
  if (type.name === 'connect_notification' && from === 'client') return checkClientConnect(packet)
  if (from !== null && !type.sentBy.includes(from))
    return [finding('wrong-direction', {from, title: type.title}, {range: [0, Math.min(1, lengthOf(packet))]})]
  const found = joined(checkLayout(packet, from), checkValues(packet))
  return type.tail >= 0 ? joined(found, checkPayload(packet, from)) : found
}

/** Relays ignore a connect notification from a client, whatever id it names, if its length is right. */
function checkClientConnect(packet: Window): readonly Finding[] {
  const wrongLength = faults(packet).find(fault => fault.kind !== 'range')
  if (wrongLength?.kind === 'short') return [packetFault(packet, wrongLength)!]
  const found = wrongLength
    ? [finding('connect-from-client-too-long', {length: lengthOf(packet)}, wrongLength)]
    : noFindings
  const id = packet.bytes[packet.start + 1]!
  if (id > 0 && !isConnectionId(id))
    return joined(found, [finding('connect-from-client-reserved', {id}, at(connectNotification, 'connection_id'))])
  return wrongLength ? found : [finding('connect-from-client', {})]
}

function checkLayout(packet: Window, from: Sender | null): readonly Finding[] {
  const wrong = faults(packet)
  if (wrong.length === 0) return noFindings
  return wrong.map(fault => layoutFinding(packet, fault, from)).filter(found => found !== undefined)
}

function layoutFinding(packet: Window, fault: Fault, from: Sender | null): Finding | undefined {
  // What a relay does with data without payload depends on the id's state, which only the connection's tables know.
  if (packet.type.name === 'data' && fault.kind === 'short')
    return from === 'relay' ? finding('data-empty-from-relay', {id: packet.bytes[packet.start]!}, fault) : undefined
  return packetFault(packet, fault)
}

/**
 * Checks one packet without a connection around it, as `decode` and `encode` have it: what checkPacket finds, and what
 * frames or the connection's tables would show.
 */
export function checkLonePacket(packet: Window, from: Sender | null): readonly Finding[] {
  const length = lengthOf(packet)
  const found = checkPacket(packet, from)
  if (packet.type.name === 'data' && length === 1 && from !== 'relay')
    return joined(found, [finding('data-empty', {id: packet.bytes[packet.start]!}, atId)])
  const isKnown = found.some(({code}) => code === 'packet-oversize')
  return length > limits.packet && !isKnown ? joined(found, [finding('packet-oversize', {length})]) : found
}

const isZero = ({bytes}: Window, at: number, end: number): boolean => bytes.subarray(at, end).every(byte => byte === 0)

/** Checks values that receivers refuse. tox-rs reads them also in packets that are too long. */
function checkValues(packet: Window): readonly Finding[] {
  const {type, bytes, start} = packet
  const length = lengthOf(packet)
  const isWhole = length >= type.minLength
  switch (type.name) {
    case 'route_response':
      return isWhole && bytes[start + 1] === 0
        ? [finding('route-refused', {}, at(routeResponse, 'connection_id'))]
        : noFindings
    case 'ping_request':
    case 'pong_response':
      return isWhole && isZero(packet, start + 1, start + type.minLength)
        ? [finding(type.name === 'ping_request' ? 'ping-zero' : 'pong-zero', {}, at(pingRequest, 'ping_id'))]
        : noFindings
    case 'forward_request':
      return [finding('forward-request-tox-rs', {})]
    case 'forwarding':
      return length > 1 ? [finding('forwarding-tox-rs', {})] : noFindings
    default:
      return noFindings
  }
}

/** Checks the layout of the payload of a data, OOB or onion response packet. */
function checkPayload(packet: Window, from: Sender | null): readonly Finding[] {
  const {carried, tailAt: offset} = packet.type
  // A node may be sent any bytes.
  if (carried === 'forwarded') return checkCarried(packet)
  if (carried === undefined || offset === undefined) return noFindings
  const at = packet.start + offset
  if (at >= packet.end) return noFindings
  const inner = innerWindow(packet)
  const carrier = packet.type.name
  const kindRange: Range = [offset, offset + 1]
  if (!inner) return [finding(unknownKind(carrier), {kind: hexByte(packet.bytes[at]!)}, {range: kindRange})]
  const found = checkInner(inner, carrier, offset)
  const isFull = inner.type.name === 'crypto_data' && lengthOf(inner) === limits.cryptoPacket
  if (carrier === 'data' && from !== 'relay' && isFull) return joined(found, [finding('crypto-data-full', {})])
  if (inner.type.name === 'onion_new_announce_response')
    return joined(found, [finding('onion-response-new-announce', {}, {range: kindRange})])
  return found
}

function unknownKind(carrier: string) {
  if (carrier === 'data') return 'data-kind-unknown'
  return carrier === 'onion_response' ? 'onion-response-unknown' : 'oob-kind-unknown'
}

/** Checks a payload without the packet around it, as `decode --as` reads it. */
export const checkPayloadAlone = (inner: Window): readonly Finding[] => checkInner(inner, undefined, 0)

function checkInner(inner: Window, carrier: string | undefined, offset: number): readonly Finding[] {
  const wrong = faults(inner)
  const found = wrong.length === 0 ? noFindings : wrong.map(fault => payloadFault(inner, fault, carrier, offset))
  return carrier === 'data' && inner.type.name.startsWith('gc_')
    ? joined(found, [finding('data-kind-group', {title: inner.type.title}, {range: [offset, offset + 1]})])
    : found
}

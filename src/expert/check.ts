import {isConnectionId} from '../protocol/connection-id.js'
import {limits} from '../protocol/limits.js'
import {innerWindow} from '../protocol/table.js'
import type {Sender} from '../wire/side.js'
import type {Fault, Window} from '../wire/window.js'
import {faults, lengthOf} from '../wire/window.js'
import {packetFault, payloadFault} from './faults.js'
import {type Finding, finding} from './finding.js'

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

/**
 * Everything that one packet alone shows, without any state: direction, layout, payload.
 * @param from null where unknown: then the type tells, if only one side may send it.
 * @param raise called once for each finding. Ranges are offsets in the packet.
 */
export function checkPacket(packet: Window, from: Sender | null, raise: (found: Finding) => void): void {
  const {type} = packet
  if (type.name === 'reserved') {
    raise(finding('reserved-id', {id: packet.bytes[packet.start]!}, {range: [0, 1]}))
    return
  }
  if (type.name === 'connect_notification' && from === 'client') {
    checkClientConnect(packet, raise)
    return
  }
  if (from !== null && !type.sentBy.includes(from)) {
    raise(finding('wrong-direction', {from, title: type.title}, {range: [0, Math.min(1, lengthOf(packet))]}))
    return
  }
  for (const fault of faults(packet)) raiseFault(packet, fault, from, raise)
  checkByType(packet, from, raise)
  if (type.tail >= 0) checkPayload(packet, from, raise)
}

/** A client's connect notification is ignored by relays, whatever slot it names, if only its length is right. */
function checkClientConnect(packet: Window, raise: (found: Finding) => void): void {
  const wrongLength = faults(packet).find(fault => fault.kind !== 'range')
  if (wrongLength) raise(packetFault(packet, wrongLength)!)
  if (wrongLength?.kind === 'short') return
  const id = packet.bytes[packet.start + 1]!
  if (id > 0 && !isConnectionId(id)) raise(finding('connect-from-client-reserved', {id}, {range: [1, 2]}))
  else if (!wrongLength) raise(finding('connect-from-client', {}))
}

function raiseFault(packet: Window, fault: Fault, from: Sender | null, raise: (found: Finding) => void): void {
  // What a relay does with data that has no payload depends on the slot: that is for the connection's tables to say.
  if (packet.type.name === 'data' && fault.kind === 'short' && from !== null) {
    if (from === 'relay') raise(finding('data-empty-from-relay', {id: packet.bytes[packet.start]!}, fault))
    return
  }
  const found = packetFault(packet, fault)
  if (found) raise(found)
}

const isZero = ({bytes}: Window, at: number, end: number): boolean => bytes.subarray(at, end).every(byte => byte === 0)

/** Values that receivers refuse. tox-rs reads them in packets that are too long as well. */
function checkByType(packet: Window, from: Sender | null, raise: (found: Finding) => void): void {
  const {type, bytes, start} = packet
  const length = lengthOf(packet)
  const isWhole = length >= type.minLength
  switch (type.name) {
    case 'route_response':
      if (isWhole && bytes[start + 1] === 0) raise(finding('route-refused', {}, {range: [1, 2]}))
      return
    case 'ping_request':
    case 'pong_response':
      if (isWhole && isZero(packet, start + 1, start + type.minLength)) {
        raise(finding(type.name === 'ping_request' ? 'ping-zero' : 'pong-zero', {}, {range: [1, type.minLength]}))
      }
      return
    case 'forward_request':
      raise(finding('forward-request-tox-rs', {}))
      return
    case 'forwarding':
      if (length > 1) raise(finding('forwarding-tox-rs', {}))
      return
    default:
      if (from === null && length > limits.packet) raise(finding('packet-oversize', {length}))
  }
}

/** The outer layout of what a data, OOB or onion response packet carries. */
function checkPayload(packet: Window, from: Sender | null, raise: (found: Finding) => void): void {
  const tail = packet.type.placed[packet.type.tail]!
  if (tail.spec.kind !== 'rest') return
  const offset = tail.offset!
  const at = packet.start + offset
  if (at >= packet.end) return
  const inner = innerWindow(packet)
  const carrier = packet.type.name
  if (!inner) {
    const code =
      carrier === 'data'
        ? 'data-kind-unknown'
        : carrier === 'onion_response'
          ? 'onion-response-unknown'
          : 'oob-kind-unknown'
    raise(finding(code, {kind: hex(packet.bytes[at]!)}, {range: [offset, offset + 1]}))
    return
  }
  checkInner(inner, carrier, offset, raise)
  if (
    carrier === 'data' &&
    from !== 'relay' &&
    inner.type.name === 'crypto_data' &&
    lengthOf(inner) === limits.cryptoPacket
  )
    raise(finding('crypto-data-full', {}))
  if (inner.type.name === 'onion_new_announce_response')
    raise(finding('onion-response-new-announce', {}, {range: [offset, offset + 1]}))
}

/** A payload alone, as `decode` may be given one. */
export function checkPayloadAlone(inner: Window, raise: (found: Finding) => void): void {
  checkInner(inner, undefined, 0, raise)
}

function checkInner(inner: Window, carrier: string | undefined, offset: number, raise: (found: Finding) => void): void {
  for (const fault of faults(inner)) raise(payloadFault(inner, fault, carrier, offset))
  if (carrier === 'data' && inner.type.name.startsWith('gc_'))
    raise(finding('data-kind-group', {title: inner.type.title}, {range: [offset, offset + 1]}))
}

import {limits} from '../protocol/limits.js'
import type {TypeName} from '../protocol/table.js'
import type {Fault} from '../wire/layout-faults.js'
import type {Window} from '../wire/window.js'
import {lengthOf} from '../wire/window.js'
import {type Finding, finding} from './finding.js'

/** Makes the finding of one fault of one packet. */
type Verdict = (window: Window, fault: Fault) => Finding

const tooShort: Verdict = (window, fault) =>
  finding(
    'packet-too-short',
    {title: window.type.title, length: lengthOf(window), field: fault.field, least: window.type.minLength},
    fault,
  )
const tooLong: Verdict = (window, fault) =>
  finding('packet-too-long', {title: window.type.title, length: lengthOf(window), most: window.type.maxLength}, fault)
const oversize: Verdict = window => finding('packet-oversize', {length: lengthOf(window)})
const reservedId: Verdict = (_, fault) => finding('connection-id-reserved', {id: fault.value}, fault)
const lengthsOf = ({type}: Window): string =>
  type.minLength === type.maxLength
    ? `${type.minLength}`
    : `${type.minLength} to ${Number.isFinite(type.maxLength) ? type.maxLength : 'any'}`
const lengthData = (window: Window) => ({
  title: window.type.title,
  length: lengthOf(window),
  lengths: lengthsOf(window),
})

/** A packet of fixed size can be too long; one with data to its end can only be too long for a frame. */
const whatIsLong: Verdict = (window, fault) =>
  (window.type.maxLength < limits.packet ? tooLong : oversize)(window, fault)

function onionShort(window: Window, fault: Fault): Finding {
  const length = lengthOf(window)
  if (length <= limits.onionRequestTiny) return finding('onion-request-tiny', {length}, fault)
  return finding(length < limits.onionRequestMin - 1 ? 'onion-request-short' : 'onion-request-bare', {length}, fault)
}

/** c-toxcore reads the family first: an unknown one is the fault, however short the packet is. */
function forwardShort({bytes, start, end, type}: Window, fault: Fault): Finding {
  const family = start + 1 < end ? bytes[start + 1]! : undefined
  const {spec} = type.placed[0]!
  const isUnknown = family !== undefined && spec.kind === 'ip_port' && !spec.families.includes(family)
  return isUnknown
    ? finding('forward-request-family', {family}, {range: [1, 2]})
    : finding('forward-request-short', {length: end - start}, fault)
}

const isTcpFamily = (family: number): boolean => family === 130 || family === 138

/** Verdicts by kind of fault, or by kind and field where fields differ: `short data`. */
type Verdicts = Readonly<Record<string, Verdict>>

/** Verdicts for packet types without an entry in `packetVerdicts`. */
const ordinary: Verdicts = {short: tooShort, long: whatIsLong}

/** Verdicts for the packet types whose receivers treat a fault differently from `ordinary`. */
const packetVerdicts: Partial<Record<TypeName, Verdicts>> = {
  route_response: {range: (_, fault) => finding('route-response-reserved-id', {id: fault.value}, fault)},
  connect_notification: {range: reservedId},
  disconnect_notification: {range: reservedId},
  oob_send: {
    'short data': (_, fault) => finding('oob-empty', {}, fault),
    long: (_, fault) => finding('oob-too-long', {bytes: fault.value}, fault),
  },
  oob_receive: {
    'short data': (_, fault) => finding('oob-receive-empty', {}, fault),
    long: (_, fault) => finding('oob-receive-too-long', {bytes: fault.value}, fault),
  },
  onion_request: {
    short: onionShort,
    long: (window, fault) => finding('onion-request-long', {length: lengthOf(window)}, fault),
    range: (_, fault) => finding('onion-padding', {}, fault),
    family: (_, fault) =>
      finding(isTcpFamily(fault.value) ? 'onion-family-tcp' : 'onion-family-unknown', {family: fault.value}, fault),
  },
  onion_response: {
    short: (_, fault) => finding('onion-response-empty', {}, fault),
    long: (_, fault) =>
      finding(
        fault.value > limits.onionPacket ? 'onion-response-oversize' : 'onion-response-too-long',
        {bytes: fault.value},
        fault,
      ),
  },
  forward_request: {
    short: forwardShort,
    family: (_, fault) => finding('forward-request-family', {family: fault.value}, fault),
    long: (_, fault) => finding('forward-request-long', {bytes: fault.value}, fault),
  },
  forwarding: {short: (_, fault) => finding('forwarding-empty', {}, fault)},
  client_handshake: {short: cutHandshake},
  relay_handshake: {short: cutHandshake},
  onion_layer: {family: unknownFamily, range: (_, fault) => finding('onion-padding', {}, fault)},
  ip_port: {family: unknownFamily},
  padded_ip_port: {family: unknownFamily, range: (_, fault) => finding('onion-padding', {}, fault)},
}
const verdictsByName: Readonly<Record<string, Verdicts | undefined>> = packetVerdicts

function cutHandshake(window: Window): Finding {
  return finding('handshake-cut-off', {bytes: lengthOf(window), size: window.type.minLength})
}

function unknownFamily(_: Window, fault: Fault): Finding {
  return finding('onion-family-unknown', {family: fault.value}, fault)
}

/**
 * Whether tox-rs refuses the payload. Its codec accepts longer cookie requests, and crypto data from 3 bytes on;
 * it does not know group packets.
 */
function isRefusedByToxRs({type, start, end}: Window, fault: Fault): boolean {
  if (type.name === 'cookie_request') return fault.kind === 'short'
  if (type.name === 'crypto_data') return end - start < 3 || end - start > limits.cryptoPacket
  return true
}

/**
 * The finding for a fault in a packet of the outer layer, in a handshake or in an address.
 * @returns undefined where no rule covers it.
 */
export function packetFault(window: Window, fault: Fault): Finding | undefined {
  const {kind, field} = fault
  const own = verdictsByName[window.type.name]
  return (own?.[`${kind} ${field}`] ?? own?.[kind] ?? ordinary[kind])?.(window, fault)
}

/**
 * The finding for a fault in the payload of a packet.
 * @param carrier type name of that packet, or undefined for a payload alone.
 * @param offset of the payload's first byte in the packet.
 */
export function payloadFault(window: Window, fault: Fault, carrier: string | undefined, offset: number): Finding {
  const range = [fault.range[0] + offset, fault.range[1] + offset] as const
  if (window.type.layer === 'onion_response') return onionResponseFault(window, fault, range)
  if (carrier === 'data' || carrier === undefined) {
    return finding(
      isRefusedByToxRs(window, fault) ? 'data-payload-length' : 'data-payload-length-minor',
      lengthData(window),
      {range},
    )
  }
  return finding('oob-payload-length', lengthData(window), {range})
}

function onionResponseFault(window: Window, fault: Fault, range: readonly [number, number]): Finding {
  const box = window.type.placed[window.type.tail]!
  // tox-rs's codec accepts a box of any length, even an empty one: it is checked when it is opened.
  if (fault.kind === 'short' && fault.field !== box.name)
    return finding(
      'onion-response-cut-short',
      {title: window.type.title, length: lengthOf(window), field: fault.field},
      {range},
    )
  return finding('onion-response-length', lengthData(window), {range})
}

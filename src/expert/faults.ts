import {limits} from '../protocol/limits.js'
import type {Fault, Window} from '../wire/window.js'
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

const whole = {short: tooShort, long: tooLong}

function onionShort(window: Window, fault: Fault): Finding {
  const length = lengthOf(window)
  if (length <= limits.onionRequestTiny) return finding('onion-request-tiny', {length}, fault)
  return finding(length < limits.onionRequestMin - 1 ? 'onion-request-short' : 'onion-request-bare', {length}, fault)
}

const isTcpFamily = (family: number): boolean => family === 130 || family === 138

/**
 * What a fault of each packet type means: one verdict for each kind of fault that it can have, or one for a field of it
 * by `kind field`. A test holds that no possible fault lacks one.
 */
const packetVerdicts: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  route_request: whole,
  route_response: {...whole, range: (_, fault) => finding('route-response-reserved-id', {id: fault.value}, fault)},
  connect_notification: {...whole, range: reservedId},
  disconnect_notification: {...whole, range: reservedId},
  ping_request: whole,
  pong_response: whole,
  oob_send: {
    short: tooShort,
    'short data': (_, fault) => finding('oob-empty', {}, fault),
    long: (_, fault) => finding('oob-too-long', {bytes: fault.value}, fault),
  },
  oob_receive: {
    short: tooShort,
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
    short: (window, fault) => finding('forward-request-short', {length: lengthOf(window)}, fault),
    family: (_, fault) => finding('forward-request-family', {family: fault.value}, fault),
    long: (_, fault) => finding('forward-request-long', {bytes: fault.value}, fault),
  },
  forwarding: {short: (_, fault) => finding('forwarding-empty', {}, fault), long: oversize},
  reserved: {long: oversize},
  data: {short: (window, fault) => finding('data-empty', {id: window.bytes[window.start]!}, fault), long: oversize},
  client_handshake: {short: cutHandshake, long: tooLong},
  relay_handshake: {short: cutHandshake, long: tooLong},
  ip_port: {...whole, family: unknownFamily},
  padded_ip_port: {...whole, family: unknownFamily, range: (_, fault) => finding('onion-padding', {}, fault)},
  node: whole,
}

function cutHandshake(window: Window): Finding {
  return finding('handshake-cut-off', {bytes: lengthOf(window), size: window.type.minLength})
}

function unknownFamily(_: Window, fault: Fault): Finding {
  return finding('onion-family-unknown', {family: fault.value}, fault)
}

/** A length that tox-rs's codec refuses. It takes a longer cookie request, and crypto data from 3 bytes on. */
function isRefusedByToxRs({type, start, end}: Window, fault: Fault): boolean {
  if (type.name === 'cookie_request') return fault.kind === 'short'
  if (type.name === 'crypto_data') return end - start < 3 || end - start > limits.cryptoPacket
  return !type.name.startsWith('gc_')
}

/**
 * The finding of a fault in a packet of the outer layer, in a handshake or in an address. @returns undefined where no
 * rule answers it.
 */
export const packetFault: (window: Window, fault: Fault) => Finding | undefined = (window, fault) => {
  const verdicts = packetVerdicts[window.type.name]
  return (verdicts?.[`${fault.kind} ${fault.field}`] ?? verdicts?.[fault.kind])?.(window, fault)
}

/**
 * The finding of a fault in what a packet carries. carrier: the type name of that packet, or undefined for a payload
 * alone.
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
  // An empty box is none to tox-rs's codec, which leaves its length to whoever opens it.
  if (fault.kind === 'short' && fault.field !== box.name)
    return finding(
      'onion-response-cut-short',
      {title: window.type.title, length: lengthOf(window), field: fault.field},
      {range},
    )
  return finding('onion-response-length', lengthData(window), {range})
}

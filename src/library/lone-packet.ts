import {checkPacket, checkPayloadAlone} from '../expert/check.js'
import {packetFault} from '../expert/faults.js'
import {type Finding, finding} from '../expert/finding.js'
import {limits} from '../protocol/limits.js'
import {blankRecord, type SessionRecord} from '../session/record.js'
import type {Sender} from '../wire/side.js'
import {faults, type Window} from '../wire/window.js'

/** The record of a packet, payload or address without a frame. */
export function lonePacket(window: Window, from: Sender | null): SessionRecord {
  const {type, bytes} = window
  const sender = from ?? (type.sentBy.length === 1 ? type.sentBy[0]! : null)
  const hasBox = type.layer !== 'packet' && type.placed[type.tail]?.spec.kind === 'box'
  return {
    ...blankRecord,
    kind: type.layer === 'packet' ? 'packet' : 'payload',
    from: sender,
    length: bytes.length,
    state: hasBox ? 'sealed' : 'plain',
    window,
    findings: checked(window, sender),
  }
}

function checked(window: Window, sender: Sender | null): readonly Finding[] {
  const {type, bytes} = window
  if (type.layer === 'address' || type.layer === 'handshake')
    return faults(window).map(fault => packetFault(window, fault)!)
  if (type.layer !== 'packet') return checkPayloadAlone(window)
  const found = checkPacket(window, sender)
  const isOversize = sender !== null && bytes.length > limits.packet
  return isOversize ? [...found, finding('packet-oversize', {length: bytes.length})] : found
}

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
  const findings: Finding[] = []
  const raise = (found: Finding) => findings.push(found)
  if (type.layer === 'packet') checkPacket(window, sender, raise)
  else if (type.layer === 'address' || type.layer === 'handshake')
    for (const fault of faults(window)) findings.push(packetFault(window, fault)!)
  else checkPayloadAlone(window, raise)
  if (type.layer === 'packet' && sender !== null && bytes.length > limits.packet)
    findings.push(finding('packet-oversize', {length: bytes.length}))
  const hasBox = type.layer !== 'packet' && type.placed[type.tail]?.spec.kind === 'box'
  return {
    ...blankRecord,
    kind: type.layer === 'packet' ? 'packet' : 'payload',
    from: sender,
    length: bytes.length,
    state: hasBox ? 'sealed' : 'plain',
    window,
    findings,
  }
}

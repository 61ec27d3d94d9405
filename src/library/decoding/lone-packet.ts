import {checkLonePacket, checkPayloadAlone} from '../../expert/check.js'
import {packetFault} from '../../expert/faults.js'
import type {Finding} from '../../expert/finding.js'
import {checkOpened, isInnerLayer} from '../../expert/inner-check.js'
import {blankRecord, type SessionRecord} from '../../session/record.js'
import {faults} from '../../wire/layout-faults.js'
import type {Sender} from '../../wire/side.js'
import type {Window} from '../../wire/window.js'

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
  const {type} = window
  if (type.layer === 'address' || type.layer === 'handshake')
    return faults(window).map(fault => packetFault(window, fault)!)
  if (isInnerLayer(type.layer)) return checkOpened(window)
  if (type.layer !== 'packet') return checkPayloadAlone(window)
  return checkLonePacket(window, sender)
}

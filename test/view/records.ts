import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {checkPacket, checkPayloadAlone} from '../../src/expert/check.js'
import {noFindings} from '../../src/expert/finding.js'
import {checkOpened, isInnerLayer} from '../../src/expert/inner-check.js'
import {loadKeys} from '../../src/files/keys/load-keys.js'
import {packetWindow, typeNamed} from '../../src/protocol/table.js'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import type {Sender} from '../../src/wire/side.js'
import {noShift, Window} from '../../src/wire/window.js'

export const fixture = (path: string): string => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url))

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** A record of nothing: the other fields of those below. */
export const blank: SessionRecord = {...blankRecord, number: 1, kind: 'packet'}

/** Bytes read as a packet, as `decode` does without a frame. */
export function lonePacket(bytes: Uint8Array, from: Sender | null = null): SessionRecord {
  const window = packetWindow(bytes, 0, bytes.length, noShift)!
  const findings = checkPacket(window, from)
  return {...blank, kind: 'packet', from, length: bytes.length, state: 'plain', window, findings}
}

/** Bytes read as any type. */
export function loneType(name: string, bytes: Uint8Array): SessionRecord {
  const window = new Window(typeNamed(name)!, bytes, 0, bytes.length, noShift)
  if (window.type.layer === 'packet') return lonePacket(bytes)
  const isPayload = window.type.layer !== 'handshake' && window.type.layer !== 'address'
  const isInner = isInnerLayer(window.type.layer)
  const findings = isInner ? checkOpened(window) : isPayload ? checkPayloadAlone(window) : noFindings
  const isBoxed = window.type.placed[window.type.tail]?.spec.kind === 'box'
  return {...blank, kind: 'payload', length: bytes.length, state: isBoxed ? 'sealed' : 'plain', window, findings}
}

const ends = {client: {ip: '127.0.0.1', port: 40000}, relay: {ip: '::1', port: 33445}}
const firstMicros = 1_795_399_253_018_285
const stepMicros = 12_345

/** Records of a real connection; packet numbers and times are made up. withKeys false: nothing can be opened. */
export async function smallRecords({withKeys = true, connection = 0} = {}): Promise<SessionRecord[]> {
  const keylog = withKeys ? [fixture('captures/small/sessions.keylog')] : []
  const {keyring} = await loadKeys({key: [], keylog, secretKey: [], relayPk: [], env: {}})
  const records: SessionRecord[] = []
  const session = new Session(keyring, record => records.push(record))
  const sides = ['client', 'relay'].map(
    side => new Uint8Array(readFileSync(fixture(`streams/small/${connection}.${side}.bin`))),
  )
  let micros = firstMicros
  let packet = 3
  session.open(0, {clientEnd: 0, ends}, {micros, nanos: 0})
  const feed = (end: 0 | 1, start: number, size: number) => {
    if (start >= sides[end]!.length) return
    micros += stepMicros
    packet++
    session.feed({
      connection: 0,
      end,
      time: {micros, nanos: 0},
      bytes: sides[end]!.subarray(start, start + size),
      origin: {packet, offset: 0},
    })
  }
  feed(0, 0, 128)
  feed(1, 0, 96)
  const longest = Math.max(...sides.map(side => side.length))
  for (let at = 0; at < longest; at += 300) {
    feed(0, 128 + at, 300)
    feed(1, 96 + at, 300)
  }
  session.feed({connection: 0, end: 0, time: {micros: micros + stepMicros, nanos: 0}, close: 'fin'})
  session.end()
  return records
}

import {readCapture} from '../../../src/library/capture/read-capture.js'
import type {ToxRecord} from '../../../src/library/tox-record.js'
import {makePcap, type PcapRecord} from '../../capture/make-pcap.js'
import {frameOf, type Sent} from '../../capture/wire.js'
import type {BehaviourCase, CaseSession, Step} from '../../session/cases.js'
import {bytesOf} from '../../session/recorded.js'

const startSeconds = 1_700_000_000
const handshakeMilliseconds = 1
const segmentBytes = 1400

interface Timed {
  readonly t: number
  readonly bytes: Uint8Array
}

/** The packets of one connection: three to open it, one for each step, with times and closes. */
function packetsOf({timeline}: CaseSession, receiver: 'relay' | 'client', port: number): Timed[] {
  const ends = [
    {ip: '10.0.0.1', port},
    {ip: '10.0.0.2', port: 33445},
  ] as const
  const next = [1001, 5001] as [number, number]
  const packets: Timed[] = []
  const send = (t: number, sent: Omit<Sent, 'seq' | 'ack'>, size: number) => {
    const other = sent.from === 0 ? 1 : 0
    packets.push({t, bytes: frameOf({...sent, seq: next[sent.from], ack: next[other]}, ends)})
    next[sent.from] += size
  }
  const opens = (timeline[0]?.t ?? 0) - handshakeMilliseconds
  for (const sent of [
    {from: 0, seq: 1000, flags: 'S'},
    {from: 1, seq: 5000, ack: 1001, flags: 'SA'},
    {from: 0, seq: 1001, ack: 5001},
  ] as const)
    packets.push({t: opens, bytes: frameOf(sent, ends)})
  for (const step of timeline) {
    const from = step.dir === 'close' ? (receiver === 'relay' ? 1 : 0) : step.dir === 'c2s' ? 0 : 1
    const data = step.hex === undefined ? undefined : bytesOf(step.hex)
    if (data)
      for (let at = 0; at < data.length; at += segmentBytes) {
        const part = data.subarray(at, at + segmentBytes)
        send(step.t, {from, flags: 'PA', data: part}, part.length)
      }
    else send(step.t, {from, flags: closeFlags(step)}, 1)
  }
  return packets
}

const closeFlags = ({why}: Step): string => (why === 'fin' ? 'FA' : 'R')

/** All connections of a case as one capture file. */
function captureOf({sessions, receiver}: BehaviourCase): Buffer {
  const packets = sessions.flatMap((session, place) => packetsOf(session, receiver, 40_000 + place))
  return makePcap(
    {little: true, magic: 0xa1b2c3d4},
    packets
      .toSorted((a, b) => a.t - b.t)
      .map(
        ({t, bytes}): PcapRecord => ({
          seconds: startSeconds + Math.floor(t / 1000),
          fraction: Math.round((t % 1000) * 1000),
          bytes,
        }),
      ),
  )
}

/** The secret keys of both sides of all connections. */
const keyLogOf = ({sessions}: BehaviourCase): string =>
  sessions
    .flatMap(({relay_sk, client_sk, client_session_sk, relay_session_sk}) => [
      relay_sk,
      client_sk,
      client_session_sk,
      relay_session_sk,
    ])
    .filter(key => key !== null && key !== undefined)
    .map(key => `TOX_SECRET_KEY - ${key}\n`)
    .join('')

/** What is read of a case as a capture with times and closes: the records of the connection that was put to the test. */
export async function recordsOfRun(each: BehaviourCase): Promise<ToxRecord[]> {
  const records: ToxRecord[] = []
  for await (const record of readCapture(captureOf(each), {keylog: keyLogOf(each)})) records.push(record)
  const port = 40_000 + each.sessions.indexOf(each.primary)
  return records.filter(({client}) => client?.port === port)
}

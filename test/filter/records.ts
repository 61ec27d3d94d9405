import {finding, noFindings} from '../../src/expert/finding.js'
import {unknownPeers} from '../../src/expert/peers.js'
import {relayHandshake} from '../../src/protocol/handshake.js'
import {openedWindow, packetWindow} from '../../src/protocol/table.js'
import {noCauses, noPackets, type SessionRecord} from '../../src/session/record.js'
import {Window} from '../../src/wire/window.js'

export const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

const base: SessionRecord = {
  number: 7,
  connection: 3,
  ends: {client: {ip: '127.0.0.1', port: 40000}, relay: {ip: '2001:db8::1', port: 33445}},
  from: 'client',
  time: {micros: 1_795_398_600_123_456, nanos: 0},
  firstTime: {micros: 1_795_398_599_123_456, nanos: 0},
  previousTime: {micros: 1_795_398_600_000_000, nanos: 0},
  kind: 'frame',
  index: 2,
  length: 51,
  packets: [15, 16],
  state: 'open',
  window: null,
  opened: [],
  wire: null,
  findings: noFindings,
  peers: unknownPeers,
  inferred: null,
  close: null,
  causes: noCauses,
  prelude: null,
}

export const record = (parts: Partial<SessionRecord> = {}): SessionRecord => ({...base, ...parts})

/** A frame's record with that plaintext. */
function frame(hex: string, parts: Partial<SessionRecord> = {}): SessionRecord {
  const plain = bytes(hex)
  return record({
    window: packetWindow(plain, 0, plain.length, 18) ?? null,
    wire: bytes(`0033${'ee'.repeat(16)}`),
    length: plain.length + 18,
    ...parts,
  })
}

/** Key of 32 times a byte, in hex. */
export const pk = (byte: string): string => byte.repeat(32)

const cookieRequest = `18${pk('aa')}${'bb'.repeat(24)}${'cc'.repeat(88)}`

export const samples = {
  start: record({kind: 'start', from: null, state: null, index: null, length: null, packets: noPackets, time: null}),
  ping: frame('04 0102030405060708'),
  oobSend: frame(`06${pk('9f')}${cookieRequest}`),
  oobReceive: frame(`07${pk('aa')}${cookieRequest}`, {from: 'relay', number: 8}),
  data: frame('12 1b 0102 '.concat('00'.repeat(40)), {inferred: {peer: pk('ab')}}),
  pong: frame('05 0000000000000009', {inferred: {roundTrip: {micros: 1500, index: 4}}}),
  end: record({kind: 'end', from: null, close: 'rst', state: null, index: null, length: null}),
  broken: frame(`06${'9f'.repeat(10)}`, {
    findings: [
      finding('packet-too-short', {title: 'OobSend', length: 11, field: 'destination_pk', least: 34}, {range: [1, 11]}),
      finding('first-not-ping', {}),
    ],
  }),
  forward: frame('0a 02 01020304 82a5 c0ffee'),
  onion: frame(
    `08${'11'.repeat(24)}0a20010db8000000000000000000000001 82a5 ${pk('33')}${'44'.repeat(110)}`.replaceAll(' ', ''),
  ),
  longPing: frame('04 0102030405060708 ff00'),
  prelude: record({
    kind: 'prelude',
    state: null,
    index: null,
    prelude: {proxy: 'socks5', destination: '127.0.0.1:33445', bytes: [13, 12]},
  }),
  sealed: record({state: 'sealed', ends: {client: {ip: '10.1.2.3', port: 1}, relay: null}}),
  handshake: handshake(),
}

function handshake(): SessionRecord {
  const sealed = new Uint8Array(96).fill(5)
  const window = new Window(relayHandshake, sealed, 0, 96, 0)
  const plain = bytes(`${pk('77')}${'88'.repeat(24)}`)
  return record({
    kind: 'handshake',
    from: 'relay',
    index: null,
    window,
    opened: [openedWindow(window, plain)!],
    wire: sealed,
    length: 96,
  })
}

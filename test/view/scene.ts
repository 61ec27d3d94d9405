import {readFileSync} from 'node:fs'
import {loadKeys} from '../../src/files/keys/load-keys.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import {blank, fixture, hex, lonePacket, loneType, smallRecords} from './records.js'

const key = (byte: string) => byte.repeat(32)
const cookieRequest = `18${key('aa')}${'bb'.repeat(24)}${'cc'.repeat(88)}`

/** One record of each type that a real connection has, in its order, with the end. */
export async function realScene(): Promise<SessionRecord[]> {
  const seen = new Set<string>()
  return (await smallRecords()).filter(({window, kind, inferred}) => {
    const name = `${kind} ${window?.type.name} ${window?.type.name === 'data' && inferred ? 'known' : ''}`
    const isNew = !seen.has(name)
    seen.add(name)
    return isNew
  })
}

/** The beginning of a connection without keys. */
export async function sealedScene(): Promise<SessionRecord[]> {
  return (await smallRecords({withKeys: false})).slice(0, 5)
}

/**
 * A frame with a damaged byte, a frame of length 0, one that is too long, one that ends too early, a gap, what follows.
 */
export async function damagedScene(): Promise<SessionRecord[]> {
  const {keyring} = await loadKeys({
    key: [],
    keylog: [fixture('captures/small/sessions.keylog')],
    secretKey: [],
    relayPk: [],
    env: {},
  })
  const records: SessionRecord[] = []
  const session = new Session(keyring, record => records.push(record))
  const [client, relay] = ['client', 'relay'].map(
    side => new Uint8Array(readFileSync(fixture(`streams/small/0.${side}.bin`))),
  )
  const at = (seconds: number) => ({micros: 1_795_399_253_000_000 + Math.round(seconds * 1_000_000), nanos: 0})
  session.open(
    0,
    {clientEnd: 0, ends: {client: {ip: '127.0.0.1', port: 40000}, relay: {ip: '127.0.0.1', port: 33445}}},
    at(0),
  )
  const feed = (end: 0 | 1, seconds: number, bytes: Uint8Array, packet: number) =>
    session.feed({connection: 0, end, time: at(seconds), bytes, origin: {packet, offset: 0}})
  feed(0, 0.1, client!.subarray(0, 128), 4)
  feed(1, 0.2, relay!.subarray(0, 96), 6)
  feed(0, 0.3, hex('0000'), 8)
  const damaged = client!.slice(128, 155)
  damaged[20]! ^= 1
  feed(0, 0.4, damaged, 9)
  session.feed({connection: 0, end: 1, time: at(0.5), gap: 27})
  feed(1, 0.6, relay!.subarray(123, 263), 12)
  feed(0, 0.7, hex('ffff00'), 13)
  session.feed({connection: 0, end: 1, time: at(0.8), close: 'rst'})
  session.end()
  return records
}

/** Packets that break a rule each, as `decode` is given them. */
export function brokenScene(): SessionRecord[] {
  const lone = [
    lonePacket(hex(`06${key('9f')}${cookieRequest}`), 'client'),
    lonePacket(hex(`06${'9f'.repeat(10)}`), 'client'),
    lonePacket(hex('04 0102030405060708 ff00ff'), 'client'),
    lonePacket(hex(`00${key('33')}`), 'relay'),
    lonePacket(hex(`12 1a ${'00'.repeat(20)}`)),
    lonePacket(hex('11 77 c0ffee'), 'client'),
    lonePacket(
      hex(`08${'11'.repeat(24)}02 01020304 000000000000000000000001 82a5 ${key('33')}${'44'.repeat(200)}`),
      'client',
    ),
    lonePacket(hex('0a 0a 20010db8000000000000000000000001 82a5 c0ffee'), 'client'),
    lonePacket(hex('0f 01'), 'client'),
    lonePacket(hex('10'), 'relay'),
    loneType('cookie_request', hex(cookieRequest)),
    loneType('node', hex(`8a 20010db8000000000000000000000001 82a5 ${key('77')}`)),
  ]
  return lone.map((record, index) => ({...record, number: index + 1}))
}

/** What no packet of those above shows. */
export const events: readonly SessionRecord[] = [
  {
    ...blank,
    kind: 'prelude',
    connection: 0,
    length: 30,
    prelude: {proxy: 'socks5', destination: 'relay.example:33445', bytes: [18, 12]},
  },
  {...blank, kind: 'gap', connection: 0, from: 'client', length: null, number: 2},
  {
    ...blank,
    kind: 'frame',
    connection: 0,
    from: 'client',
    index: 3,
    length: 18,
    state: 'open',
    wire: new Uint8Array(18),
    number: 3,
  },
  {...blank, kind: 'end', connection: 0, from: 'relay', close: 'fin', number: 4},
  {
    ...blank,
    kind: 'start',
    connection: 0,
    ends: {client: {ip: 'evil\u001b[31m\u202e', port: 1}, relay: null},
    number: 5,
  },
]

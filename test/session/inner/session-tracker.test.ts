import {describe, expect, test} from 'vitest'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {statistics} from '../../../src/library/capture/statistics.js'
import {levelsOf} from '../../../src/protocol/levels.js'
import {typeNamed} from '../../../src/protocol/table.js'
import {LosslessPackets, requestedNumbers} from '../../../src/session/inner/tracking/lossless-packets.js'
import {type CryptoSessionLog, endOf} from '../../../src/session/inner/tracking/session-log.js'
import {DialogueView} from '../../../src/view/forms/dialogue.js'
import {ListView} from '../../../src/view/forms/list.js'
import {theme} from '../../../src/view/theme.js'
import {Times} from '../../../src/view/time.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {noShift, Window} from '../../../src/wire/window.js'
import {fixture, fixtureText} from '../recorded.js'
import {peerLog, sessionLog as session} from './peer-log.js'

const keylogOf = (name: string): Uint8Array =>
  new TextEncoder().encode(
    `${fixtureText(`captures/${name}/sessions.keylog`)}\n${fixtureText(`captures/${name}/inner.keylog`)}`,
  )

const second = 1_000_000

describe('the end of a net_crypto session', () => {
  test.each<[string, CryptoSessionLog, string, number | null]>([
    [
      'a cookie request that nobody answers',
      session([peerLog({cookieRequests: 8}), peerLog()]),
      'cookie-request-unanswered',
      1,
    ],
    [
      'a cookie response without a handshake after it',
      session([peerLog({cookieRequests: 1}), peerLog({cookieResponses: 1})]),
      'handshake-missing',
      0,
    ],
    ['a handshake that nobody answers', session([peerLog({handshakes: 8}), peerLog()]), 'handshake-unanswered', 1],
    [
      'a handshake with a cookie of 16 seconds',
      session([peerLog({handshakes: 8}), peerLog()], {cookieAgeSeconds: 16}),
      'cookie-refused',
      1,
    ],
    [
      'a kill packet',
      session([peerLog({last: 40 * second}), peerLog({last: 39 * second})], {
        isEstablished: true,
        kill: {by: 0, number: 7, time: 40 * second, isCertain: true},
      }),
      'killed',
      0,
    ],
    [
      'a kill packet after 32 seconds of silence',
      session([peerLog({last: 40 * second}), peerLog({last: 8 * second})], {
        isEstablished: true,
        kill: {by: 0, number: 7, time: 40 * second, isCertain: true},
      }),
      'killed-after-silence',
      0,
    ],
    [
      'silence of one peer',
      session([peerLog({last: 40 * second}), peerLog({last: 5 * second})], {isEstablished: true}),
      'silence',
      1,
    ],
    [
      'a connection to the relay that ended',
      session([peerLog({last: 40 * second}), peerLog({last: 39 * second})], {
        isEstablished: true,
        left: {by: 1, number: 9, isCertain: true},
      }),
      'connection-closed',
      1,
    ],
    [
      'a session that goes on',
      session([peerLog({last: 40 * second}), peerLog({last: 39 * second})], {isEstablished: true}),
      'open',
      null,
    ],
  ])('is named after %s', (_, log, how, by) => {
    expect(endOf(log, 41 * second)).toMatchObject({how, by})
  })
})

describe('the end of a net_crypto session is not known', () => {
  const both = () => [peerLog({last: 40 * second}), peerLog({last: 39 * second})] as const
  const established = {isEstablished: true, latest: 9}

  test('where a short packet that stays sealed may be the one that ended it', () => {
    const peers = [peerLog({last: 40 * second, mayEndAt: 8}), peerLog({last: 5 * second})] as const
    expect(endOf(session(peers, established), 41 * second).how).toBe('unknown')
  })

  test('where bytes of a peer were not seen since its latest packet', () => {
    const endWith = (unread: number) =>
      endOf(session(both(), {...established, sights: [{unread, time: null}]}), 41 * second).how
    expect([endWith(8), endWith(10)]).toEqual(['open', 'unknown'])
  })

  test('where it seems to be replaced, and not all of its peers was seen', () => {
    const endWith = (unread: number) =>
      endOf(session(both(), {...established, replacedBy: 1, sights: [{unread, time: null}]}), 41 * second).how
    expect([endWith(0), endWith(8)]).toEqual(['replaced', 'unknown'])
  })

  test('where an answer may still come', () => {
    const peers = [peerLog({cookieRequests: 1}), peerLog()] as const
    const endAt = (now: number) => endOf(session(peers, {asked: 40 * second, latest: 9}), now * second).how
    expect([endAt(41), endAt(43)]).toEqual(['open', 'cookie-request-unanswered'])
  })
})

test('after a kill packet it is not said whether the other peer was silent where that was not seen', () => {
  const endWith = (lastAlive: number, isCertain: boolean) => {
    const peers = [peerLog(), peerLog({last: 39 * second, lastAlive: lastAlive * second})] as const
    const kill = {by: 0, number: 7, time: 40 * second, isCertain} as const
    return endOf(session(peers, {isEstablished: true, kill}), 40 * second).how
  }
  expect([endWith(5, true), endWith(5, false), endWith(39, false)]).toEqual([
    ...['killed-after-silence', 'killed-after-unseen'],
    'killed',
  ])
})

describe('the lossless packets of a peer', () => {
  test('are missing where their numbers lie between others', () => {
    const log = peerLog()
    const packets = new LosslessPackets(log)
    for (const number of [0, 1, 4]) packets.sent(number, null)
    expect(log).toMatchObject({lossless: 3, missing: 2})
    packets.sent(2, null)
    packets.reached(7)
    expect(log).toMatchObject({lossless: 4, missing: 3})
  })

  test('are not missing where they may have come before the first that was seen, as in a capture from the middle', () => {
    const log = peerLog()
    const packets = new LosslessPackets(log)
    for (const number of [1000, 1001, 990, 1003]) packets.sent(number, null)
    expect(log).toMatchObject({lossless: 4, missing: 1})
    expect([packets.hasAll(990, 1001), packets.hasAll(1000, 1002), packets.hasAll(1000, 1003)]).toEqual([
      ...[false, true, false],
    ])
  })

  test('give the time from the newest that is confirmed, unless it was sent again', () => {
    const packets = new LosslessPackets(peerLog())
    packets.sent(0, 100)
    packets.sent(1, 200)
    packets.sent(2, 300)
    expect(packets.acknowledged(2, 1000)).toBe(800)
    expect(packets.unacknowledged).toBe(1)
    packets.resent(2)
    expect(packets.acknowledged(3, 2000)).toBeNull()
    expect(packets.unacknowledged).toBe(0)
  })

  test('are not counted as unconfirmed while the number of the newest is not known', () => {
    const packets = new LosslessPackets(peerLog())
    packets.sent(0, 100)
    packets.newest(true)
    packets.acknowledged(0, 200)
    expect(packets.unacknowledged).toBeNull()
    packets.sent(2, 300)
    packets.newest(false)
    expect(packets.unacknowledged).toBe(3)
  })

  test('have numbers that go on at 0 after 2^32 - 1', () => {
    const log = peerLog()
    const packets = new LosslessPackets(log)
    for (const number of [0xffff_fffe, 0xffff_ffff, 0, 1]) packets.sent(number, null)
    expect(log).toMatchObject({lossless: 4, missing: 0})
  })
})

test('a request for lost packets is resolved to their numbers', () => {
  const request = (...bytes: number[]) => {
    const type: PacketType = typeNamed('crypto_request')
    return new Window(type, Uint8Array.from([1, ...bytes]), 0, bytes.length + 1, noShift)
  }
  expect(requestedNumbers(request(1, 2, 1), 10)).toEqual([10, 12, 13])
  expect(requestedNumbers(request(0, 3), 10)).toEqual([267])
  expect(requestedNumbers(request(2), 0xffff_ffff)).toEqual([0])
  expect(requestedNumbers(request(), 10)).toEqual([])
})

describe('sessions of real captures', () => {
  test('have their peers, times, losses and ends', async () => {
    const {inner} = await statistics(fixture('captures/two_clients/capture.pcap'), {keylog: keylogOf('two_clients')})
    const rows = inner.sessions.map(({log}) => ({
      peers: log.peers.map(({pk, packets, isOnline}) => [pk?.slice(0, 8), packets, isOnline]),
      end: endOf(log, log.last),
    }))
    expect(rows).toEqual([
      {
        peers: [
          ['46143971', 87, true],
          ['6e3d0e45', 271, true],
        ],
        end: {how: 'killed', by: 0, number: 2017},
      },
      {
        peers: [
          ['6e3d0e45', 46, true],
          ['cf14c156', 14, true],
        ],
        end: {how: 'killed-after-silence', by: 0, number: 2995},
      },
      {
        peers: [
          ['6e3d0e45', 0, false],
          ['cf14c156', 0, false],
        ],
        end: {how: 'cookie-request-unanswered', by: 1, number: null},
      },
    ])
    expect(inner.sessions[0]!.roundTrips.map(({count}) => count > 5)).toEqual([true, true])
  })

  test('tie each answer of the onion and each cookie response to its request', async () => {
    const capture = openCapture(fixture('captures/small/capture.pcap'), {keylog: keylogOf('small')})
    const answered: (readonly [number, number])[] = []
    let responses = 0
    for await (const {source} of capture) {
      const name = source.opened[0]?.type.name
      if (name === 'onion_announce_response' || name === 'cookie_response') responses++
      if (source.inferred?.answers) answered.push([source.number, source.inferred.answers.number])
    }
    expect(responses).toBeGreaterThan(100)
    expect(answered.length).toBe(responses)
    expect(answered.every(([answer, request]) => request < answer)).toBe(true)
  })

  test('show a packet that was seen when it was sent as the same one when it arrives', async () => {
    const capture = openCapture(fixture('captures/small/capture.pcap'), {keylog: keylogOf('small')})
    const states = {first: 0, again: 0, arrived: 0}
    for await (const {source} of capture) {
      const delivery = source.inferred?.session?.delivery
      if (!delivery) continue
      states[delivery.state]++
      expect(source.from).toBe(delivery.state === 'arrived' ? 'relay' : 'client')
      if (delivery.state !== 'arrived') continue
      expect(delivery.sent?.connection).toBe(1 - source.connection!)
      expect(delivery.sent?.micros).toBeGreaterThan(0)
    }
    expect(states.first).toBeGreaterThan(40)
    expect(states.arrived).toBeGreaterThan(40)
  })

  test('name the file of each packet of data, and the offset of its bytes', async () => {
    const capture = openCapture(fixture('captures/two_clients/capture.pcap'), {keylog: keylogOf('two_clients')})
    const ends = new Map<string, number>()
    let parts = 0
    for await (const {source} of capture) {
      const session = source.inferred?.session
      const file = session?.file
      if (!session || !file || file.offset === null || session.delivery.state !== 'first') continue
      parts++
      expect(file.offset).toBe(ends.get(file.name) ?? 0)
      ends.set(file.name, file.offset + file.length)
    }
    expect(parts).toBeGreaterThan(140)
    expect(ends.get('датa.bin')).toBe(200_000)
  })

  test('show the text of a message first, also in a list of 80 columns', async () => {
    const capture = openCapture(fixture('captures/two_clients/capture.pcap'), {keylog: keylogOf('two_clients')})
    const list = new ListView({theme: theme(0), isAscii: true, width: 80, timeForm: 'r', hasConnections: true})
    const times = new Times('r')
    const rows: string[] = []
    for await (const record of capture) if (record.packet('message')) rows.push(list.row(record.source, times))
    expect(rows.length).toBeGreaterThan(40)
    expect(rows.filter(row => !row.includes('Message "'))).toEqual([])
    expect(rows[0]).toContain('Message "hi"')
    expect(Math.max(...rows.map(row => row.length))).toBeLessThanOrEqual(80)
  })

  test('show what is innermost first in the dialogue of a connection, and all that carries it after that', async () => {
    const capture = openCapture(fixture('captures/two_clients/capture.pcap'), {keylog: keylogOf('two_clients')})
    const dialogue = new DialogueView({width: 120, timeForm: 'r', theme: theme(0), isAscii: true})
    const times = new Times('r')
    const rows = new Map<string, string[]>()
    for await (const {source} of capture) {
      const levels = levelsOf(source.window, source.opened)
      const name = source.opened.length > 0 ? levels.at(-1)!.window.type.title : 'nothing opened'
      rows.set(name, [...(rows.get(name) ?? []), dialogue.row(source, times).split('\n')[0]!])
    }
    for (const name of ['Message', 'FileData', 'Nickname', 'Typing', 'FriendRequest', 'OnionAnnounceRequest'])
      expect(
        rows.get(name)?.filter(row => !new RegExp(` [<>] ${name}( |$)`).test(row)),
        name,
      ).toEqual([])
    expect(rows.get('Message')![0]).toMatch(/ {2}> Message "hi" - CryptoData \d+ - Data id \d+/)
    expect(rows.get('nothing opened')!.some(row => row.includes('> PingRequest '))).toBe(true)
  })
})

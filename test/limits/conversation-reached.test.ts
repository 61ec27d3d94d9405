import {describe, expect, test} from 'vitest'
import {levelsOf} from '../../src/protocol/levels.js'
import {limits} from '../../src/protocol/limits.js'
import {packetWindow, type TypeName, typeNamed} from '../../src/protocol/table.js'
import {
  exportedParts,
  exportedTransfers,
  transfers as mostTransfers,
  peers,
} from '../../src/session/conversation/limits.js'
import {type Spoken, SpokenPackets} from '../../src/session/conversation/spoken.js'
import {Transfers} from '../../src/session/conversation/transfers.js'
import type {SessionFacts} from '../../src/session/inferred.js'
import {followedTransfers, rememberedPackets, sessionsPerPeer, waitingParts} from '../../src/session/inner/limits.js'
import {pairOf} from '../../src/session/inner/opening/pair-place.js'
import {FileTracker} from '../../src/session/inner/tracking/file-tracker.js'
import {LosslessPackets} from '../../src/session/inner/tracking/lossless-packets.js'
import {SessionTracker} from '../../src/session/inner/tracking/session-tracker.js'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {toHex} from '../../src/wire/hex/hex-bytes.js'
import {noShift, Window} from '../../src/wire/window.js'
import {peerLog, sessionLog} from '../session/inner/peer-log.js'

/** What is known of a part of a session. */
const factsOf = (session: number): SessionFacts => ({
  log: sessionLog([peer, peer], {number: session, isEstablished: true}),
  ...{side: 0, delivery: {state: 'first', first: null}, missing: [], roundTripMicros: null, unacknowledged: null},
})

const peer = peerLog()

const windowOf = (name: TypeName, bytes: Uint8Array): Window =>
  new Window(typeNamed(name), bytes, 0, bytes.length, noShift)

/** A number in the first four bytes of as many bytes as a key has. */
function keyOf(n: number): Uint8Array {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, n)
  return key
}

/** An offer of a file of 2^32 bytes, without a name. */
const offer = () => windowOf('file_send_request', Uint8Array.of(80, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, ...keyOf(0)))
const part = (...data: number[]) => windowOf('file_data', Uint8Array.of(82, 0, ...data))

const wholePart = part(...new Uint8Array(limits.fileData))

/** Packets of a sender, of which all were seen. */
const allSent = new LosslessPackets(peer)
allSent.sent(0, null)
/** As `allSent`, but for one, after which others came. */
function sentWithout(number: number): LosslessPackets {
  const packets = new LosslessPackets(peer)
  packets.sent(number - 1, null)
  packets.reached(number + waitingParts + 2)
  return packets
}

const spoken = (sender: number, packet: Window, number = 0): Spoken => ({
  time: null,
  sender: String(sender),
  receiver: 'b',
  packet,
  carried: undefined,
  number,
})

describe('files that peers send each other', () => {
  test('over transfers, the oldest is not followed any more', () => {
    const followed = new Transfers({keepsData: false})
    for (let n = 0; n <= mostTransfers; n++) followed.take(spoken(n, offer()))
    expect(followed.find(spoken(0, part(1)))).toBeUndefined()
    expect(followed.find(spoken(1, part(1)))).toMatchObject({number: 2})
  })

  test('over exportedTransfers, further ones are counted and not kept, also of a peer that offers one again', () => {
    const kept = new Transfers({keepsData: true})
    for (let n = 0; n <= exportedTransfers; n++) kept.take(spoken(0, offer()))
    expect([kept.all.length, kept.droppedTransfers]).toEqual([exportedTransfers, 1])
    expect(kept.take(spoken(0, part(1)))?.parts).toBeUndefined()
  })

  test('over exportedParts, the bytes of further packets are counted and not kept', () => {
    const kept = new Transfers({keepsData: true})
    kept.take(spoken(0, offer()))
    for (let n = 0; n < exportedParts; n++) kept.take(spoken(0, part(7), n))
    expect(kept.dropped).toBe(0)
    kept.take(spoken(0, part(7, 7), exportedParts))
    expect([kept.dropped, kept.all[0]?.parts?.size]).toEqual([2, exportedParts])
  })

  test('over followedTransfers, the place in the file is not known for the oldest', () => {
    const tracker = new FileTracker()
    for (let n = 0; n <= followedTransfers; n++) tracker.take(offer(), factsOf(n), 0, true, allSent)
    expect(tracker.take(part(1), factsOf(0), 1, true, allSent)).toBeUndefined()
    expect(tracker.take(part(1), factsOf(1), 1, true, allSent)).toMatchObject({transfer: 2, offset: 0})
  })

  test('over rememberedPackets, the oldest part that is sent again is not known any more', () => {
    const tracker = new FileTracker()
    const [first, second] = [offer(), wholePart]
    tracker.take(first, factsOf(0), 0, true, allSent)
    for (let n = 1; n <= rememberedPackets; n++) tracker.take(second, factsOf(0), n, true, allSent)
    expect(tracker.take(first, factsOf(0), 0, false, allSent)).toBeUndefined()
    expect(tracker.take(second, factsOf(0), 1, false, allSent)).toMatchObject({offset: 0})
  })

  test('over waitingParts after a packet that has not come, no place is known in the file that waits for longest', () => {
    const tracker = new FileTracker()
    const [lost, other] = [sentWithout(1), sentWithout(1)]
    for (const session of [0, 1]) tracker.take(offer(), factsOf(session), 0, true, lost)
    for (let n = 0; n < waitingParts; n++) tracker.take(wholePart, factsOf(0), n + 2, true, lost)
    tracker.take(wholePart, factsOf(1), 2, true, other)
    for (const sent of [lost, other]) sent.sent(1, null)
    expect(tracker.take(wholePart, factsOf(0), 1, true, lost)).toMatchObject({transfer: 1, offset: null})
    expect(tracker.take(wholePart, factsOf(1), 1, true, other)).toMatchObject({transfer: 2, offset: 0})
  })
})

/** An out-of-band packet with a cookie request. @param receiver, sender numbers of their keys. */
function cookieRequestTo(receiver: number, sender: number): Window {
  const bytes = new Uint8Array(33 + 1 + 32 + 24 + 88)
  bytes.set([6, ...keyOf(receiver), 0x18, ...keyOf(sender)])
  // The first bytes of the box: no two packets are the same.
  bytes.set(keyOf(receiver), 33 + 57)
  return packetWindow(bytes, 0, bytes.length, noShift)!
}

const recordOf = (window: Window, opened: readonly Window[]): SessionRecord => ({
  ...{...blankRecord, kind: 'frame', from: 'client', connection: 0, window, opened},
})

describe('what peers say', () => {
  test('over peers, the real key of the oldest is forgotten', () => {
    const packets = new SpokenPackets()
    const plain = typeNamed('cookie_request').plain!
    for (let n = 0; n <= peers; n++) {
      const opened = new Window(plain, Uint8Array.of(...keyOf(n), ...new Uint8Array(40)), 0, 72, noShift)
      packets.take(recordOf(cookieRequestTo(n, n), [opened]))
    }
    expect(packets.realKeyOf(toHex(keyOf(0)))).toBeUndefined()
    expect(packets.realKeyOf(toHex(keyOf(1)))).toBe(toHex(keyOf(1)))
  })

  test('over sessionsPerPeer that a client begins, the newest end with its connection', () => {
    const tracker = new SessionTracker()
    const sender = toHex(keyOf(0))
    tracker.connected(0, sender)
    for (const from of ['client', 'relay'] as const)
      tracker.note({...blankRecord, kind: 'handshake', connection: 0, from})
    for (let n = 1; n <= sessionsPerPeer + 1; n++) {
      const receiver = toHex(keyOf(n))
      const place = pairOf(sender, receiver, '', true)
      const passage = {sender, receiver, place, pair: place, slot: '', isClient: true}
      const record = {...recordOf(cookieRequestTo(n, 0), []), number: n}
      tracker.take(record, {...passage, session: undefined}, levelsOf(record.window, record.opened))
    }
    const end: SessionRecord = {...blankRecord, kind: 'end', connection: 0, close: 'fin'}
    tracker.disconnected(end)
    expect(end.inferred?.sessions?.map(({log}) => log.number)).toEqual(
      Array.from({length: sessionsPerPeer}, (_, n) => n + 1),
    )
  })
})

import {describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {compileFilter} from '../../../src/filter/compile.js'
import {levelsOf} from '../../../src/protocol/levels.js'
import {limits as protocolLimits} from '../../../src/protocol/limits.js'
import {packetWindow, type TypeName, typeNamed} from '../../../src/protocol/table.js'
import {GroupFragments} from '../../../src/session/inner/group-fragments.js'
import * as limits from '../../../src/session/inner/limits.js'
import {blankRecord, type SessionRecord} from '../../../src/session/record.js'
import {World} from '../../../src/session/world.js'
import {fullSummaryOf} from '../../../src/tree/headline.js'
import type {Node} from '../../../src/tree/node.js'
import {recordTree} from '../../../src/tree/record-tree.js'
import {recordSchema} from '../../../src/view/explain/record-schema.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {noShift, Window} from '../../../src/wire/window.js'
import {encodePartial} from '../../../src/wire/write.js'
import {isValid} from '../../view/json/json-schema.js'
import {printed} from '../../view/print.js'
import {hexOf, ringOf} from '../recorded.js'

const box = await loadSodium()
const pairOf = (fill: number) => box.keyPair(new Uint8Array(32).fill(fill))
const [alice, bob, session, other] = [pairOf(1), pairOf(2), pairOf(3), pairOf(4)]
const shared = box.sharedKey(other.publicKey, session.secretKey)
const nonce = new Uint8Array(24).fill(5)
const typed = (name: TypeName): PacketType => typeNamed(name)!

/** A broadcast without its message id. */
function broadcastOf(payload: Uint8Array): Uint8Array {
  const [type, ...after] = encodePartial(typed('group_broadcast'), {message_id: 0n, payload})
  return Uint8Array.of(type!, ...after.slice(8))
}

/** A message of 1,200 bytes to a group. */
const text = 'x'.repeat(1200)
const whole = broadcastOf(encodePartial(typed('group_message'), {pseudo_id: 7, text}))
/** As c-toxcore cuts it: pieces of 500 bytes, and an empty one. */
const chunksOf = (bytes: Uint8Array): Uint8Array[] => [
  ...Array.from({length: Math.ceil(bytes.length / 500)}, (_, n) => bytes.subarray(n * 500, (n + 1) * 500)),
  new Uint8Array(),
]

const fragment = (id: number, data: Uint8Array): Uint8Array =>
  encodePartial(typed('group_fragment'), {message_id: BigInt(id), data})
const fragments = (from: number, bytes: Uint8Array = whole): Uint8Array[] =>
  chunksOf(bytes).map((chunk, index) => fragment(from + index, chunk))
const request = (id: number): Uint8Array => encodePartial(typed('group_peer_info_request'), {message_id: BigInt(id)})

/** A lossless packet of Alice for Bob, on the connection of Alice. */
function lossless(content: Uint8Array): Uint8Array {
  const plain = encodePartial(typed('gc_lossless').plain!, {padding: 0, data: content})
  return encodePartial(typed('gc_lossless'), {
    sender_enc_pk: alice.publicKey,
    nonce,
    payload: box.seal(plain, nonce, shared),
  })
}

function handshake(sessionPk: Uint8Array): Uint8Array {
  const plain = encodePartial(typed('gc_handshake').plain!, {
    ...{handshake_type: 0, session_pk: sessionPk, sig_pk: alice.publicKey, request_type: 0, join_type: 1, nodes: []},
  })
  return encodePartial(typed('gc_handshake'), {
    ...{sender_enc_pk: alice.publicKey, target_enc_pk: bob.publicKey, nonce},
    payload: box.seal(plain, nonce, box.sharedKey(bob.publicKey, alice.secretKey)),
  })
}

/** The records of packets of Alice for Bob. @param connections on which each is seen: 0 of Alice, 1 of Bob. */
function records(payloads: readonly Uint8Array[], connections: readonly number[] = []): SessionRecord[] {
  const ring = ringOf([
    {kind: 'pair_key', publicKeyA: session.publicKey, publicKeyB: other.publicKey, sharedKey: shared},
    {kind: 'secret_key', publicKey: alice.publicKey, secretKey: alice.secretKey},
  ])
  const world = new World(ring)
  for (const [connection, {publicKey}] of [alice, bob].entries())
    world.take({
      ...{...blankRecord, kind: 'handshake', connection, from: 'client'},
      window: new Window(
        typed('client_handshake'),
        encodePartial(typed('client_handshake'), {pk: publicKey, nonce, payload: new Uint8Array(72)}),
        0,
        128,
        noShift,
      ),
    })
  return payloads.map((data, index) => {
    const connection = connections[index] ?? 0
    const bytes = encodePartial(typed('data'), {connection_id: 16, data})
    return world.take({
      ...{...blankRecord, kind: 'frame', connection, from: connection === 0 ? 'client' : 'relay', index},
      ...{state: 'open', inferred: {peer: hexOf(connection === 0 ? bob.publicKey : alice.publicKey)}},
      window: packetWindow(bytes, 0, bytes.length, noShift)!,
    })
  })
}

const wholeIn = ({inferred}: SessionRecord): boolean => inferred?.assembled !== undefined
const ofText = compileFilter(`group_message.text == "${text}"`)
/** A tree as lines of at most 80 characters. */
const lines = (node: Node, depth = 0): string[] => [
  `${'  '.repeat(depth)}${node.title} ${node.text}`.slice(0, 80),
  ...node.children().flatMap(child => lines(child, depth + 1)),
]

describe('a packet of a group that comes in fragments', () => {
  const [before, first, second, third, last] = records([request(1), ...fragments(2)].map(lossless))

  test('is put together at its last fragment', () => {
    expect([before, first, second, third, last].map(each => wholeIn(each!))).toEqual([false, false, false, false, true])
    expect(last!.inferred?.assembled).toMatchObject({fragments: [4, 5, 6, 7], isStartKnown: true})
    expect(last!.findings).toEqual([])
  })

  test('is found by the names of its fields, at the last fragment alone', () => {
    expect([first, second, third, last].map(each => ofText(each!))).toEqual([false, false, false, true])
    expect(compileFilter('group_broadcast && inferred.fragments == 5')(last!)).toBe(true)
  })

  test('comes first in a list', () => {
    expect(fullSummaryOf(last!)).toMatch(/^GroupMessage "x+"… · GroupBroadcast 5 · GroupFragment 5 · GcLossless/)
  })

  test('has its fields in the tree and in JSON', () => {
    const shown = lines(recordTree(last!))
    expect(shown).toContain('  Put together 4 fragments: #4, #5, #6, #7')
    expect(shown.some(line => line.startsWith('        GroupMessage id 0x02'))).toBe(true)
    const json = JSON.parse(recordToJson(last!, {bytes: true}))
    expect(isValid(json, recordSchema)).toBe(true)
    expect(json.inferred.fragments).toEqual([4, 5, 6, 7])
    expect(json.inferred.assembled).toMatchObject({
      type: 'group_broadcast',
      fields: {message_id: '5'},
      inner: {type: 'group_message', fields: {pseudo_id: 7, text}},
    })
  })

  test('is the same in any order of arrival, and where fragments are sent again', () => {
    const [request1, a, b, c, end] = [request(1), ...fragments(2)].map(lossless)
    const late = records([request1!, a!, c!, end!, b!])
    expect(late.map(wholeIn)).toEqual([false, false, false, false, true])
    const again = records([request1!, a!, b!, b!, c!, end!, a!, end!])
    expect(again.map(wholeIn)).toEqual([false, false, false, false, false, true, false, true])
    expect(again.at(-1)!.inferred?.assembled?.fragments).toEqual([4, 5, 7, 8])
  })

  test('is shown where it is sent and where it arrives', () => {
    const each = [request(1), ...fragments(2)].map(lossless)
    const both = records(
      each.flatMap(payload => [payload, payload]),
      each.flatMap(() => [0, 1]),
    )
    expect(both.filter(wholeIn).map(({connection}) => connection)).toEqual([0, 1])
  })

  test('follows another one without a mistake about where it begins', () => {
    const custom = Uint8Array.of(0xf2, ...new Uint8Array(1200).fill(1))
    const two = records([...fragments(1), ...fragments(5, custom)].map(lossless))
    expect(two.filter(wholeIn).map(({inferred}) => inferred?.assembled?.fragments)).toEqual([
      [3, 4, 5, 6],
      [7, 8, 9, 10],
    ])
  })

  test('is put together without what came before it only if it reads as a packet', () => {
    const [, ...rest] = fragments(7)
    const seen = records(fragments(7).map(lossless))
    expect(seen.at(-1)!.inferred?.assembled).toMatchObject({isStartKnown: false})
    expect(lines(recordTree(seen.at(-1)!)).join('\n')).toContain('the message before it was not seen')
    expect(records(rest.map(lossless)).filter(wholeIn)).toEqual([])
  })

  test('begins anew with a handshake of another session key, and with other bytes under a known message id', () => {
    const old = fragments(1).slice(0, 2).map(lossless)
    const fresh = fragments(1).map(lossless)
    const restarted = records([handshake(session.publicKey), ...old, handshake(other.publicKey), ...fresh])
    expect(restarted.at(-1)!.inferred?.assembled?.fragments).toEqual([7, 8, 9, 10])
    const changed = records([lossless(request(1)), ...old.slice(1), ...fresh])
    expect(changed.at(-1)!.inferred?.assembled?.isStartKnown).toBe(true)
  })

  test('names its own mistakes at the last fragment', () => {
    const codes = (bytes: Uint8Array<ArrayBuffer>) =>
      records(fragments(1, bytes).map(lossless))
        .at(-1)!
        .findings.map(({code, range}) => [code, range])
    const place = [74, 83]
    expect(codes(Uint8Array.of(0x42, ...new Uint8Array(600)))).toEqual([['inner-kind-unknown', place]])
    expect(codes(Uint8Array.of(0xf3, 0x7f, ...new Uint8Array(600)))).toEqual([['inner-kind-unknown', place]])
    expect(codes(Uint8Array.of(0xf2, ...new Uint8Array(protocolLimits.groupMessage)))).toEqual([
      ['inner-too-long', place],
    ])
  })
})

test.each([
  [protocolLimits.groupPrivateMessage, ''],
  [protocolLimits.groupPrivateMessage + 1, ' [discarded: inner-too-long]'],
])('a private message of %i bytes is marked in the dialogue where its receiver discards it', (size, mark) => {
  const words = 'y'.repeat(size)
  const message = encodePartial(typed('group_private_message'), {message_type: 0, pseudo_id: 7, text: words})
  const said = printed(records([request(1), ...fragments(2, broadcastOf(message))].map(lossless)), {
    format: 'conversation',
    width: 10_000,
  })
  expect(said.trimEnd().split('  ').at(-1)).toBe(`${words}${mark}`)
})

describe('fragments of groups', () => {
  const record: SessionRecord = {...blankRecord, kind: 'frame', connection: 0}
  /** One fragment of a packet that never ends. */
  function add(all: GroupFragments, sender: string, id: number, size = 500): void {
    const plain = encodePartial(typed('gc_lossless').plain!, {padding: 0, data: fragment(id, new Uint8Array(size))})
    const sealed = encodePartial(typed('gc_lossless'), {
      ...{sender_enc_pk: alice.publicKey, nonce, payload: new Uint8Array(16 + plain.length)},
    })
    const window = new Window(typed('gc_lossless'), sealed, 0, sealed.length, noShift)
    const opened = [new Window(typed('gc_lossless').plain!, plain, 0, plain.length, noShift)]
    const place = {id: sender, side: 0 as const, isKnown: false}
    const passage = {sender, receiver: null, slot: '', isClient: true, place, pair: place, session: undefined}
    all.take({...record, window, opened}, passage, levelsOf(window, opened))
  }

  test('over groupMessages of one sender, the oldest is forgotten and counted', () => {
    const all = new GroupFragments()
    for (let id = 1; id <= limits.groupMessages + 10; id++) add(all, 'alice', id)
    expect(all.dropped).toBe(10)
  })

  test('over fragmentedStreams, those of the sender that was silent for longest are forgotten and counted', () => {
    const all = new GroupFragments()
    for (let sender = 0; sender < limits.fragmentedStreams + 3; sender++) add(all, String(sender), 1)
    expect(all.dropped).toBe(3)
  })

  test('over fragmentBytes, those of the sender that was silent for longest are forgotten and counted', () => {
    const all = new GroupFragments()
    const most = Math.floor(limits.fragmentBytes / limits.groupMessages / 1300)
    for (let sender = 0; sender <= most; sender++)
      for (let id = 1; id <= limits.groupMessages; id++) add(all, String(sender), id, 1300)
    expect(all.dropped).toBe(limits.groupMessages)
  })
})

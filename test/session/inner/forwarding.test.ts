import {describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {messageOf} from '../../../src/expert/finding.js'
import {levelsOf} from '../../../src/protocol/levels.js'
import {openedWindow, packetWindow, typeNamed} from '../../../src/protocol/table.js'
import {blankRecord, type SessionRecord} from '../../../src/session/record.js'
import {World} from '../../../src/session/world.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {fieldOf, fieldsOf, noShift, Window} from '../../../src/wire/window.js'
import {encodePartial} from '../../../src/wire/write.js'
import {hexOf, ringOf} from '../recorded.js'

const box = await loadSodium()
const pairOf = (fill: number) => box.keyPair(new Uint8Array(32).fill(fill))
const [client, node, owner] = [pairOf(1), pairOf(2), pairOf(3)]
const nonce = new Uint8Array(24).fill(4)
const pingId = new Uint8Array(8).fill(5)
const proof = new Uint8Array(32).fill(6)
const typed = (name: string): PacketType => typeNamed(name)!

/** A packet of the announce store, sealed between the client and the node. */
function sealed(name: string, pk: Uint8Array, plain: Readonly<Record<string, unknown>>): Uint8Array {
  const payload = box.seal(
    encodePartial(typed(name).plain!, plain),
    nonce,
    box.sharedKey(node.publicKey, client.secretKey),
  )
  return encodePartial(typed(name), {pk, nonce, payload})
}

const chained = (inner: Uint8Array): Uint8Array =>
  encodePartial(typed('forward_request'), {
    ip_port: {family: 2, ip: '127.0.0.1', port: 33445},
    data: encodePartial(typed('forward_chain'), {next_pk: node.publicKey, data: inner}),
  })

/** A client that stores data at a node, and the node's answers. */
const announcement = box.seal(
  encodePartial(typed('announcement').plain!, {
    ...{timed_auth: proof, timeout: 900, announcement_type: 0},
    announcement: new TextEncoder().encode('hello'),
  }),
  nonce,
  box.sharedKey(node.publicKey, owner.secretKey),
)
const search = chained(
  sealed('data_search_request', client.publicKey, {data_pk: owner.publicKey, previous_hash: [], ping_id: pingId}),
)
const found = encodePartial(typed('forwarding'), {
  data: sealed('data_search_response', node.publicKey, {
    data_pk: owner.publicKey,
    result: [{is_stored: 0, timed_auth: proof, would_store: 1, node_count: 0, nodes: []}],
    ping_id: pingId,
  }),
})
const store = chained(
  sealed('store_announce_request', client.publicKey, {
    ...{data_pk: owner.publicKey, announcement_nonce: nonce, announcement, ping_id: pingId},
  }),
)

function records(secretKeys: readonly Uint8Array[]): SessionRecord[] {
  const world = new World(ringOf(secretKeys.map(secretKey => ({kind: 'secret_key', publicKey: null, secretKey}))))
  return [search, found, store].map((bytes, index) =>
    world.take({
      ...{...blankRecord, kind: 'frame', connection: 0, from: index === 1 ? 'relay' : 'client', index},
      window: packetWindow(bytes, 0, bytes.length, noShift)!,
    }),
  )
}

const typesIn = ({window, opened}: SessionRecord): string[] =>
  levelsOf(window, opened).map(each => each.window.type.name)

describe('packets of the announce store that a relay forwards', () => {
  test('open with the key of the client, through the chain, and name what their answers answer', () => {
    const [searched, answer] = records([client.secretKey])
    expect(typesIn(searched!)).toEqual(['forward_request', 'forward_chain', 'data_search_request'])
    expect(searched!.opened.map(opened => opened.type.title)).toEqual(['DataSearchRequest plaintext'])
    expect(hexOf(fieldOf(searched!.opened[0]!, 'data_pk') as Uint8Array)).toBe(hexOf(owner.publicKey))
    expect(fieldsOf(answer!.opened[0]!)).toMatchObject({result: [{is_stored: 0, would_store: 1, nodes: []}]})
    expect(answer!.inferred?.answers).toEqual({number: searched!.number, micros: null})
    expect([searched, answer].flatMap(each => each!.findings)).toEqual([])
  })

  test('show what is stored, with the key of the node or of the data', () => {
    for (const keys of [[node.secretKey], [client.secretKey, owner.secretKey]]) {
      const stored = records(keys)[2]!
      expect(typesIn(stored)).toEqual(['forward_request', 'forward_chain', 'store_announce_request', 'announcement'])
      expect(fieldsOf(stored.opened[1]!)).toMatchObject({timeout: 900, announcement_type: 0})
      expect(Buffer.from(fieldOf(stored.opened[1]!, 'announcement') as Uint8Array).toString()).toBe('hello')
    }
  })

  test('name the keys that would open what is stored', () => {
    const [, , stored] = records([client.secretKey])
    expect(stored!.opened.map(({type}) => type.name)).toEqual(['store_announce_request'])
    const [sealed] = stored!.findings.map(messageOf)
    expect(sealed).toContain(`${hexOf(owner.publicKey)} or ${hexOf(node.publicKey)}`)
  })
})

test('an answer without news has no result', () => {
  const plain = encodePartial(typed('data_search_response').plain!, {
    data_pk: owner.publicKey,
    result: [],
    ping_id: pingId,
  })
  const packet = new Window(typed('data_search_response'), new Uint8Array(200), 0, 113, noShift)
  expect(fieldsOf(openedWindow(packet, plain)!)).toMatchObject({result: [], ping_id: pingId})
})

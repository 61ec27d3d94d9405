import {describe, expect, it} from 'vitest'
import type {CryptoSessionItem} from '../../../src/crypto/key-item.js'
import {oob, oobFrom, ping} from '../../../src/probe/cases/packets.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import {keysOf, peerKey} from '../../playbooks/keys.js'
import {type Play, play} from '../../playbooks/play.js'
import {messageIn, sessionLine} from './one-session.js'

const keys = keysOf(1)
const peer = peerKey(1)
/** Boxes in one round of the counter: packets name the low 16 bits of their nonce. */
const round = 0x1_0000

const message = (place: number, line?: CryptoSessionItem): Uint8Array => oob(peer, messageIn(keys.box, place, {line}))
const answer = (place: number): Uint8Array => oobFrom(peer, messageIn(keys.box, place, {side: 1}))
/** A handshake that no key opens. */
const handshake = (): Uint8Array => oob(peer, Uint8Array.of(0x1a, ...new Uint8Array(384)))

/** The same client at two relays: connections 0 and 1. */
const atTwoRelays = (...lines: readonly CryptoSessionItem[]): Play => {
  const dialogue = play(keys)
  for (const line of [sessionLine, ...lines]) dialogue.keyring.add(line, 'the test')
  return dialogue.client(ping(1)).open(keys).client(ping(2))
}

interface InnerJson {
  readonly state: string
  readonly fields: {readonly packet_number?: number}
}

/** The number of the packet in each box, or the state of a box that does not open. */
const openedIn = (dialogue: Play): (number | string)[] =>
  dialogue
    .stop()
    .records.filter(({window}) => window?.type.name.startsWith('oob'))
    .flatMap((record: SessionRecord) => {
      const {inner} = JSON.parse(recordToJson(record, {bytes: false})) as {inner?: InnerJson}
      if (inner === undefined) return []
      return [inner.fields.packet_number ?? inner.state]
    })

describe('crypto data of one session over two relays', () => {
  it('opens on each of them, though the counter goes round on both together', () => {
    const places = [0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000, 140_000, 160_000, 180_000, 200_000]
    const dialogue = atTwoRelays()
    for (const [turn, place] of places.entries()) dialogue.on(turn % 2).client(message(place))
    expect(openedIn(dialogue)).toEqual(places)
  })

  it('opens where one relay is slower, also across the end of a round', () => {
    const places = [round - 3, round + 1, round - 2, round + 2, round - 1, round, round + 3]
    const dialogue = atTwoRelays()
    for (const [turn, place] of places.entries()) dialogue.on(turn % 2).client(message(place))
    expect(openedIn(dialogue)).toEqual(places)
  })

  it('has a counter for each direction', () => {
    const dialogue = atTwoRelays()
    for (const place of [0, 30_000, 60_000, 90_000])
      dialogue
        .on(0)
        .client(message(place))
        .on(1)
        .relay(answer(place / 2))
    expect(openedIn(dialogue)).toEqual([0, 0, 30_000, 15_000, 60_000, 30_000, 90_000, 45_000])
  })

  it('opens after a loss of a whole round', () => {
    const dialogue = atTwoRelays()
      .on(0)
      .client(message(5))
      .on(1)
      .client(message(5 + 2 * round))
      .client(message(6 + 2 * round))
    expect(openedIn(dialogue)).toEqual([5, 5 + 2 * round, 6 + 2 * round])
  })
})

describe('the same packet on two relays', () => {
  /** How the record of each packet relates to those before, and on which connection it was sent. */
  const deliveries = (dialogue: Play) =>
    dialogue
      .stop()
      .records.flatMap(({inferred}) => (inferred?.session ? [inferred.session] : []))
      .map(({delivery: {state, sent}, log, side}) => ({state, sent, packets: log.peers[side].packets}))

  it('is sent again where a client sends it to each relay of its peer, and counts once', () => {
    const dialogue = atTwoRelays().on(0).client(message(3)).on(1).client(message(3))
    expect(deliveries(dialogue)).toEqual([
      {state: 'first', sent: undefined, packets: 1},
      {state: 'again', sent: undefined, packets: 1},
    ])
  })

  it('was not seen when it was sent where it comes from each of them', () => {
    const dialogue = atTwoRelays().on(0).relay(answer(3)).on(1).relay(answer(3))
    expect(deliveries(dialogue)).toEqual([
      {state: 'first', sent: undefined, packets: 1},
      {state: 'again', sent: undefined, packets: 1},
    ])
  })
})

describe('a session that begins anew', () => {
  const next: CryptoSessionItem = {
    ...sessionLine,
    sharedKey: new Uint8Array(32).fill(17),
    baseNonceA: new Uint8Array(24).fill(19),
  }

  it('opens with its own key, and what is still on its way with the old one', () => {
    const dialogue = atTwoRelays(next).on(0).client(message(0)).client(message(1))
    dialogue.client(handshake()).client(message(0, next)).on(1).client(message(2)).on(0).client(message(1, next))
    expect(openedIn(dialogue)).toEqual([0, 1, 'sealed', 0, 2, 1])
  })
})

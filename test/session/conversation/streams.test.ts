import {describe, expect, test} from 'vitest'
import {connect, data, ping, route, routed} from '../../../src/probe/cases/packets.js'
import {limits} from '../../../src/protocol/limits.js'
import {SpokenPackets} from '../../../src/session/conversation/spoken.js'
import {Transfers} from '../../../src/session/conversation/transfers.js'
import {keysOf, peerKey} from '../../playbooks/keys.js'
import {play} from '../../playbooks/play.js'
import {messageIn, sessionLine} from '../inner/one-session.js'

const keys = keysOf(1)
const peer = peerKey(1)

/** An offer of a file without a size. */
const offer = Uint8Array.of(80, 0, 0, 0, 0, 0, ...new Uint8Array(8).fill(0xff), ...new Uint8Array(32))
const part = (fill: number, length: number = limits.fileData) =>
  Uint8Array.of(82, 0, ...new Uint8Array(length).fill(fill))

/** What each packet of a peer leaves of its stream: whether it is complete, and the first bytes of its parts. */
function streamed(...packets: readonly (readonly [number: number, content: Uint8Array])[]): unknown[] {
  const dialogue = play(keys)
  dialogue.keyring.add(sessionLine, 'the test')
  dialogue.client(ping(1)).client(route(peer)).relay(routed(16, peer)).relay(connect(16))
  for (const [place, content] of packets) dialogue.relay(data(16, messageIn(keys.box, place, {side: 1, data: content})))
  const [spoken, transfers] = [new SpokenPackets(), new Transfers({keepsData: true})]
  return dialogue.stop().records.flatMap(record => {
    const said = spoken.take(record)
    const transfer = said && transfers.take(said)
    if (!said) return []
    const parts = [...(transfer?.parts ?? [])].sort(([a], [b]) => a - b).map(([, [first]]) => first)
    return [transfer ? `${transfer.isComplete ? 'complete' : 'goes on'} ${parts.join(' ')}`.trim() : undefined]
  })
}

describe('a file without a size', () => {
  test('ends with its first short part', () => {
    expect(streamed([0, offer], [1, part(1)], [2, part(2, 9)], [3, part(3)])).toEqual([
      ...['goes on', 'goes on 1', 'complete 1 2', undefined],
    ])
  })

  test('is not complete while a packet before its end may hold some of it, and has that where it comes late', () => {
    expect(streamed([0, offer], [1, part(1)], [3, part(3, 9)], [4, part(4)], [2, part(2)])).toEqual([
      ...['goes on', 'goes on 1', 'goes on 1 3', undefined, 'complete 1 2 3'],
    ])
  })
})

import {describe, expect, it} from 'vitest'
import {connect, data, ping, route, routed} from '../../../src/probe/cases/packets.js'
import {limits} from '../../../src/protocol/limits.js'
import {keysOf, peerKey} from '../../playbooks/keys.js'
import {type Play, play} from '../../playbooks/play.js'
import {messageIn, sessionLine} from './one-session.js'

const keys = keysOf(1)
const peer = peerKey(1)
const whole = limits.fileData
const streamed = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

/** An offer of a file "f". @param size its 8 bytes. */
const offer = (size: readonly number[]): Uint8Array =>
  Uint8Array.of(80, 0, 0, 0, 0, 0, ...size, ...new Uint8Array(32), 0x66)
const sized = (size: number): number[] => [0, 0, 0, 0, 0, 0, size >> 8, size & 255]
const part = (length: number): Uint8Array => Uint8Array.of(82, 0, ...new Uint8Array(length))
const message = (): Uint8Array => Uint8Array.of(64, 104, 105)
/** A packet of an id that no application has. */
const unassigned = (): Uint8Array => Uint8Array.of(70, 1)
/** A packet that may be lost, of an application. */
const lossy = (): Uint8Array => Uint8Array.of(200, 1)

/** What a peer sends on connection id 16, each with its packet number. */
function received(...packets: readonly (readonly [number: number, content: Uint8Array])[]): Play {
  const dialogue = play(keys)
  dialogue.keyring.add(sessionLine, 'the test')
  dialogue.client(ping(1)).client(route(peer)).relay(routed(16, peer)).relay(connect(16))
  for (const [place, content] of packets) dialogue.relay(data(16, messageIn(keys.box, place, {side: 1, data: content})))
  return dialogue.stop()
}

/** The number of the transfer and the offset of each packet of a file; null: it is not known. */
const places = ({records}: Play): unknown[] =>
  records.flatMap(({inferred, opened, window}) => {
    if (window?.type.name !== 'data' || opened.length === 0) return []
    const {file} = inferred?.session ?? {}
    return [file === undefined ? undefined : file.offset === null ? null : `${file.transfer}: ${file.offset}`]
  })

describe('the place of data in its file', () => {
  it('follows from the packets before, whatever comes between', () => {
    const packets = [offer(sized(4000)), part(whole), message(), unassigned(), part(whole), part(4000 - 2 * whole)]
    expect(places(received(...packets.map((packet, number) => [number, packet] as const)))).toEqual([
      ...[null, '1: 0', undefined, undefined, `1: ${whole}`, `1: ${2 * whole}`],
    ])
  })

  it('is not known while a packet before it has not come, which may hold other data', () => {
    const dialogue = received(
      ...([
        [0, offer(sized(6000))],
        [1, part(whole)],
        [3, part(whole)],
        [4, part(whole)],
      ] as const),
      ...([
        [2, part(whole)],
        [5, part(6000 - 4 * whole)],
      ] as const),
    )
    expect(places(dialogue)).toEqual([null, '1: 0', null, null, `1: ${whole}`, `1: ${4 * whole}`])
  })

  it('is not known after a number that a lossy packet passes over', () => {
    const dialogue = received([0, offer(sized(6000))], [1, part(whole)], [3, lossy()], [3, part(whole)])
    expect(places(dialogue)).toEqual([null, '1: 0', undefined, null])
  })

  it('is one of the file in whose time it was sent', () => {
    const dialogue = received(
      ...([
        [0, offer(sized(2000))],
        [1, part(whole)],
        [3, offer(sized(3000))],
      ] as const),
      ...([
        [2, part(2000 - whole)],
        [4, part(whole)],
      ] as const),
    )
    expect(places(dialogue)).toEqual([null, '1: 0', null, `1: ${whole}`, '2: 0'])
  })

  it('is none in a stream that has ended: what follows is of a file whose offer was not seen', () => {
    const dialogue = received([0, offer(streamed)], [1, part(whole)], [2, part(9)], [3, part(whole)])
    expect(places(dialogue)).toEqual([null, '1: 0', `1: ${whole}`, undefined])
  })
})

describe('lossless packets that are missing', () => {
  it('are not those of an id that no application has', () => {
    const dialogue = received([0, message()], [1, unassigned()], [2, message()], [5, message()])
    const {log, side} = dialogue.records.findLast(({inferred}) => inferred?.session)!.inferred!.session!
    expect(log.peers[side]).toMatchObject({lossless: 4, missing: 2})
  })
})

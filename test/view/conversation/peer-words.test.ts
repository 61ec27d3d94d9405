import {describe, expect, test} from 'vitest'
import {connect, data, disconnect, oob, oobFrom, route, routed} from '../../../src/probe/cases/packets.js'
import {type TypeName, typeNamed} from '../../../src/protocol/table.js'
import {shortKey} from '../../../src/protocol/text.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {encodePartial, type PartialValues} from '../../../src/wire/write.js'
import {keysOf, peerKey} from '../../playbooks/keys.js'
import {type Play, play} from '../../playbooks/play.js'
import {both, firstPk, secondPk} from '../../playbooks/two-clients.js'
import {messageIn, sessionLine} from '../../session/inner/one-session.js'
import {printed} from '../print.js'

const keys = keysOf(1)
const peer = peerKey(1)

/** What the client and its peer say, by turns as given, as lines without times and keys. */
function said(packets: readonly (readonly [sender: 'client' | 'peer', name: TypeName, values: PartialValues])[]) {
  const dialogue = play(keys)
  dialogue.keyring.add(sessionLine, 'the test')
  const places = {client: 0, peer: 0}
  for (const [sender, name, values] of packets) {
    const side = sender === 'client' ? 0 : 1
    const content = encodePartial(typeNamed(name), values)
    const message = messageIn(keys.box, places[sender]++, {side, data: content})
    if (sender === 'client') dialogue.client(oob(peer, message))
    else dialogue.relay(oobFrom(peer, message))
  }
  return lines(dialogue)
}

const lines = (dialogue: Play): string[] =>
  printed(dialogue.stop().records, {format: 'conversation', width: 10_000})
    .trimEnd()
    .split('\n')
    .map(line => line.replace(/^.*? > \S+ {2}/, ''))

describe('the conversation of two peers', () => {
  test('has names and status messages with all of their characters', () => {
    const [name, status] = ['N'.repeat(128), 'S'.repeat(1007)]
    expect(
      said([
        ['client', 'nickname', {nickname: name}],
        ['client', 'status_message', {text: status}],
        ['client', 'file_send_request', {...offer, file_name: 'f'.repeat(255)}],
      ]),
    ).toEqual([`is called "${name}"`, `status: "${status}"`, `offers file 1 "${'f'.repeat(255)}", 2,000 bytes`])
  })

  test('says that a status message was taken away, and not that there is none at the beginning', () => {
    const status = (text: string) => ['client', 'status_message', {text}] as const
    expect(said(['', 'fine', '', ''].map(status))).toEqual(['status: "fine"', 'status: ""'])
  })

  test('tells accepting a file from going on with it', () => {
    const control = (sender: 'client' | 'peer', control_type: number) =>
      ['peer' === sender ? 'peer' : 'client', 'file_control', controlOf(sender, control_type)] as const
    expect(
      said([
        ['client', 'file_send_request', offer],
        control('peer', 0),
        control('peer', 1),
        control('peer', 0),
        control('client', 1),
        control('client', 0),
      ]),
    ).toEqual(['offers file 1 "f", 2,000 bytes', ...words.map(word => `${word} file 1 "f"`)])
  })

  test('has bytes that come after the offer of the next file with the file they were sent in', () => {
    const dialogue = play(keys)
    dialogue.keyring.add(sessionLine, 'the test')
    const names: [place: number, name: TypeName, values: PartialValues][] = [
      [0, 'file_send_request', {...offer, file_size: 3n}],
      [2, 'file_send_request', {...offer, file_name: 'g', file_size: 4n}],
      [1, 'file_data', {file_id: 0, data: new Uint8Array(3)}],
      [3, 'file_data', {file_id: 0, data: new Uint8Array(4)}],
    ]
    for (const [place, name, values] of names)
      dialogue.client(oob(peer, messageIn(keys.box, place, {data: encodePartial(typeNamed(name), values)})))
    expect(lines(dialogue).slice(2)).toEqual(['file 1 "f": complete, 3 bytes', 'file 2 "g": complete, 4 bytes'])
  })

  test('takes what comes after the end of a file, as its offer was not seen, for that of an unknown one', () => {
    const part = (length: number) => ['client', 'file_data', {file_id: 0, data: new Uint8Array(length)}] as const
    const accepted = ['peer', 'file_control', controlOf('peer', 0)] as const
    const killed = ['client', 'file_control', controlOf('client', 2)] as const
    const named = (name: string) => ['client', 'file_send_request', {...offer, file_name: name, file_size: 3n}] as const
    expect(said([named('f'), accepted, part(3), accepted, part(3)])).toEqual([
      'offers file 1 "f", 3 bytes',
      'accepts file 1 "f"',
      'file 1 "f": complete, 3 bytes',
      'accepts an unknown file',
    ])
    expect(said([named('f'), accepted, killed, accepted])).toEqual([
      'offers file 1 "f", 3 bytes',
      'accepts file 1 "f"',
      'ends file 1 "f"',
      'accepts an unknown file',
    ])
  })

  test('says of a file that it is an avatar', () => {
    expect(said([['client', 'file_send_request', {...offer, file_type: 1}]])).toEqual([
      'offers file 1 "f", 2,000 bytes, an avatar',
    ])
  })
})

test('what the relay passes on before it knows that the client gave up the peer is not said again', () => {
  const dialogue = play(keys)
  dialogue.keyring.add(sessionLine, 'the test')
  const online = messageIn(keys.box, 0, {side: 1, data: Uint8Array.of(24)})
  dialogue.client(route(peer)).relay(routed(16, peer)).relay(connect(16)).relay(data(16, online))
  dialogue.client(disconnect(16)).relay(data(16, online))
  expect(lines(dialogue)).toEqual(['is online'])
})

test.each([
  [0, secondPk],
  [1, firstPk],
] as const)('what arrives at an id whose route was not captured is not said again: from client %i', (from, to) => {
  const dialogue = both()
  dialogue.keyring.add(sessionLine, 'the test')
  const message = messageIn(keys.box, 0, {side: from})
  dialogue.on(from).client(oob(to, message))
  dialogue
    .on(1 - from)
    .gap('relay', 60)
    .relay(data(16, message))
  const shown = printed(dialogue.stop().records, {format: 'conversation', width: 200})
  const names = [firstPk, secondPk].map(pk => shortKey(toHex(pk)))
  expect(shown.trim().split('  ').slice(1)).toEqual([`${names[from]} > ${names[1 - from]}`, 'hi'])
})

describe('the next session of two peers, also if no handshake opens', () => {
  const next = {...sessionLine, sharedKey: new Uint8Array(32).fill(17), baseNonceA: new Uint8Array(24).fill(19)}

  /** What is said where each session has one packet. */
  function saidIn(first: Uint8Array | undefined, second: Uint8Array | undefined): string[] {
    const dialogue = play(keys)
    for (const line of [sessionLine, next]) dialogue.keyring.add(line, 'the test')
    dialogue.client(oob(peer, messageIn(keys.box, 0, first && {data: first})))
    dialogue.client(oob(peer, Uint8Array.of(0x1a, ...new Uint8Array(384))))
    return lines(dialogue.client(oob(peer, messageIn(keys.box, 0, {line: next, ...(second && {data: second})}))))
  }

  test('has packets with the numbers of those before', () => {
    expect(saidIn(undefined, undefined)).toEqual(['hi', 'hi'])
  })

  test('has none of the files that were on their way', () => {
    const offered = encodePartial(typeNamed('file_send_request'), offer)
    const paused = encodePartial(typeNamed('file_control'), controlOf('client', 1))
    expect(saidIn(offered, paused)).toEqual(['offers file 1 "f", 2,000 bytes', 'pauses an unknown file'])
  })
})

const offer = {file_id: 0, file_type: 0, file_size: 2000n, file_unique_id: new Uint8Array(32), file_name: 'f'}
const words = ['accepts', 'pauses', 'resumes', 'pauses', 'resumes']
const controlOf = (sender: 'client' | 'peer', control_type: number): PartialValues => ({
  ...{transfer_direction: sender === 'peer' ? 1 : 0, file_id: 0, control_type, position: null},
})

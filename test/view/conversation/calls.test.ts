import {describe, expect, test} from 'vitest'
import {type TypeName, typeNamed} from '../../../src/protocol/table.js'
import {bareKey} from '../../../src/protocol/text.js'
import {Calls} from '../../../src/view/conversation/calls.js'
import {noShift, summaryOf, Window} from '../../../src/wire/window.js'

const windowOf = (name: TypeName, bytes: readonly number[]): Window =>
  new Window(typeNamed(name), Uint8Array.from(bytes), 0, bytes.length, noShift)
/** A message of MSI with items of one byte. */
const msi = (...items: readonly (readonly [kind: number, value: number])[]): Window =>
  windowOf('msi', [69, ...items.flatMap(([kind, value]) => [kind, 1, value]), 0])
const init = msi([1, 0], [3, 52])
const push = (capabilities: number) => msi([1, 1], [3, capabilities])
const pop = msi([1, 2])

/** What is said of packets, by who sends them: a to b, or b to a. */
function said(packets: readonly (readonly [sender: 'a' | 'b', packet: Window])[]): (string | undefined)[] {
  const calls = new Calls()
  return packets.map(([sender, packet]) => {
    const receiver = sender === 'a' ? 'b' : 'a'
    return calls.take({time: null, sender, receiver, packet, carried: undefined, number: null})
  })
}

describe('a call', () => {
  test('is ended by who took it or made it, and taken back or refused before', () => {
    const ring = [['a', init]] as const
    expect(said([...ring, ['b', push(52)], ['b', pop]]).at(-1)).toBe('ends the call')
    expect(said([...ring, ['a', pop]]).at(-1)).toBe('takes the call back')
    expect(said([...ring, ['b', pop]]).at(-1)).toBe('refuses the call')
  })

  test('that ends with an error has its number and its name', () => {
    expect(
      said([
        ['a', init],
        ['b', msi([1, 2], [2, 3])],
      ]).at(-1),
    ).toBe('ends the call: error 3 (invalid state)')
    expect(said([['b', msi([1, 2], [2, 9])]])).toEqual(['ends the call: error 9'])
  })

  test('that neither side has is said once to be stray, until one of them calls again', () => {
    const stray = msi([1, 2], [2, 4])
    const sayings = said([
      ['a', stray],
      ['b', stray],
      ['a', stray],
      ['b', stray],
      ['a', init],
      ['b', stray],
    ])
    expect(sayings.map(words => words?.split(':')[0])).toEqual([
      ...['ends the call', 'ends the call', undefined, undefined],
      ...['calls', 'ends the call'],
    ])
  })

  test('whose beginning was not captured is neither taken nor refused', () => {
    expect(
      said([
        ['a', push(52)],
        ['a', push(52)],
        ['a', push(0)],
        ['b', pop],
      ]),
    ).toEqual([
      'changes the call: sends audio, receives audio and video',
      undefined,
      'pauses the call',
      'ends the call',
    ])
  })

  test('says once that sound begins, also after its end', () => {
    const sound = windowOf('audio_frame', [192, ...new Uint8Array(80)])
    expect(
      said([
        ['a', init],
        ['b', push(52)],
        ['b', sound],
        ['b', sound],
        ['a', pop],
        ['b', sound],
      ]).slice(2),
    ).toEqual(['begins to send sound', undefined, 'ends the call', undefined])
  })

  test('of which a message has no known request is left out', () => {
    expect(
      said([
        ['a', msi([1, 3])],
        ['a', msi([3, 4])],
      ]),
    ).toEqual([undefined, undefined])
  })
})

test('a message of a call has its request, its error and what its sender does in its summary', () => {
  const texts = [init, push(0), msi([1, 2], [2, 4]), msi([1, 7], [3, 8])].map(each => summaryOf(each, bareKey))
  expect(texts).toEqual([
    'init, sends audio, receives audio and video',
    'push, sends and receives nothing',
    'pop, error 4 (stray message)',
    'request 7, sends video',
  ])
})

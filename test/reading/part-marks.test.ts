import {describe, expect, it} from 'vitest'
import {markIn, markText, type PartMark, PartMarks} from '../../src/reading/part-marks.js'

const mark: PartMark = {
  client: '127.0.0.1:33092',
  relay: '[::1]:33445',
  frames: [175, null],
  nonces: [new Uint8Array(24).fill(0xab), null],
}
const commented = (text: string) => ({options: [[1, new TextEncoder().encode(text)] as const]})
const client = {ip: '127.0.0.1', port: 33092}
const relay = {ip: '::1', port: 33445}

describe('the comment of a part of a connection', () => {
  it('says the same to people and to programs', () => {
    const text = markText(mark)
    expect(text).toMatch(
      /^part of a Tox connection, from client frame \+175, relay frame unknown: relay \[::1\]:33445 \[/,
    )
    expect(markIn(text)).toEqual(mark)
  })

  it.each([
    ['a comment of another program', 'retransmitted'],
    ['data that is not JSON', 'part of a Tox connection, from x [toxtcp part {x}]'],
    ['data without ends', 'part of a Tox connection, from x [toxtcp part {"frames":[1,2]}]'],
  ])('is nothing where there is %s', (_, text) => {
    expect(markIn(text)).toBeUndefined()
  })

  it('counts as unknown what makes no sense', () => {
    const data = {client: 'a', relay: 'b', frames: [-1, 1e300], nonces: ['zz', {length: 48}]}
    expect(markIn(`part of a Tox connection, from x [toxtcp part ${JSON.stringify(data)}]`)).toEqual({
      ...{client: 'a', relay: 'b'},
      ...{frames: [null, null], nonces: [null, null]},
    })
  })

  it('names the relay whichever end spoke first, for one connection', () => {
    for (const relayEnd of [0, 1] as const) {
      const marks = new PartMarks()
      marks.add(commented(markText(mark)))
      const ends = relayEnd === 1 ? ([client, relay] as const) : ([relay, client] as const)
      expect(marks.of([client, client])).toBeUndefined()
      expect(marks.of(ends)).toEqual({relayEnd, part: {frames: mark.frames, nonces: mark.nonces}})
      expect(marks.of(ends)).toBeUndefined()
    }
  })
})

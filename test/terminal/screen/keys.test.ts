import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {KeyDecoder} from '../../../src/terminal/screen/keys.js'
import {codePoint} from '../../properties/code-point.js'

const keysOf = (text: string): string[] =>
  new KeyDecoder().push(text).map(event => (event.kind === 'key' ? event.key : event.kind))

describe('what a terminal sends', () => {
  it.each([
    ['j', ['j']],
    ['G5j', ['G', '5', 'j']],
    ['\x1b[A\x1b[B\x1bOA', ['up', 'down', 'up']],
    ['\x1b[5~\x1b[6~\x1b[H\x1b[F\x1b[1~\x1b[4~', ['pageup', 'pagedown', 'home', 'end', 'home', 'end']],
    ['\x1b[Z\t', ['shift-tab', 'tab']],
    ['\x1b[1;3D\x1b[1;5C', ['alt-left', 'ctrl-right']],
    ['\x1bx', ['escape', 'x']],
    ['\x03\x1a\x06\r\n\x7f', ['ctrl-c', 'ctrl-z', 'ctrl-f', 'enter', 'enter', 'backspace']],
    ['\x1bOP\x1b[11~', ['f1', 'f1']],
    [' é漢😀', ['space', 'é', '漢', '😀']],
    ['\x1b[99~j', ['unknown', 'j']],
  ])('%j', (text, keys) => {
    expect(keysOf(text)).toEqual(keys)
  })

  it('is a click or a turn of the wheel, and nothing else of the mouse', () => {
    expect(new KeyDecoder().push('\x1b[<0;5;9M\x1b[<0;5;9m\x1b[<64;1;1M\x1b[<65;2;3M\x1b[<2;1;1M')).toEqual([
      {kind: 'mouse', x: 4, y: 8, action: 'press'},
      {kind: 'mouse', x: 0, y: 0, action: 'up'},
      {kind: 'mouse', x: 1, y: 2, action: 'down'},
    ])
  })

  it('is one text where it was pasted, whatever is in it', () => {
    const decoder = new KeyDecoder()
    expect(decoder.push('\x1b[200~q\x1b[A')).toEqual([])
    expect(decoder.push('\n!\x1b[201~j')).toEqual([
      {kind: 'paste', text: 'q\x1b[A\n!'},
      {kind: 'key', key: 'j'},
    ])
  })

  it('is pasted text to its end, however long that takes to come, or to Ctrl-C where it never comes', () => {
    const decoder = new KeyDecoder()
    decoder.push('\x1b[200~one')
    expect(decoder.flush()).toEqual([{kind: 'paste', text: 'one'}])
    expect(decoder.flush()).toEqual([])
    decoder.push('q\r\x1b[20')
    expect(decoder.flush()).toEqual([{kind: 'paste', text: 'q\r'}])
    expect(decoder.push('1~j')).toEqual([{kind: 'key', key: 'j'}])
    decoder.push('\x1b[200~two')
    decoder.flush()
    expect(decoder.push('q\x03j')).toEqual([
      {kind: 'paste', text: 'q'},
      {kind: 'key', key: 'ctrl-c'},
      {kind: 'key', key: 'j'},
    ])
  })

  it('is the Escape key where nothing follows', () => {
    const decoder = new KeyDecoder()
    expect(decoder.push('\x1b')).toEqual([])
    expect(decoder.isWaiting).toBe(true)
    expect(decoder.flush()).toEqual([{kind: 'key', key: 'escape'}])
    expect(decoder.isWaiting).toBe(false)
  })

  it('means the same however it is cut', () => {
    const parts = fc.constantFrom(
      'j',
      '\x1b[A',
      '\x1b[5~',
      '\x1b[<0;5;9M',
      '\x1bOP',
      '漢',
      '\x1b[200~x\x1b[201~',
      '\x03',
    )
    fc.assert(
      fc.property(fc.array(parts, {maxLength: 8}), fc.array(fc.nat(40), {maxLength: 6}), (sent, cuts) => {
        const text = sent.join('')
        const whole = new KeyDecoder().push(text)
        const decoder = new KeyDecoder()
        const places = [...cuts.map(cut => Math.min(cut, text.length)), 0, text.length].sort((a, b) => a - b)
        const pieces = places.slice(1).flatMap((end, at) => decoder.push(text.slice(places[at], end)))
        expect(pieces).toEqual(whole)
      }),
    )
  })

  it('never throws and never hangs', () => {
    fc.assert(
      fc.property(fc.string({unit: codePoint, maxLength: 40}), text => {
        const decoder = new KeyDecoder()
        decoder.push(`\x1b[${text}`)
        decoder.flush()
        return !decoder.isWaiting
      }),
    )
  })
})

import {randomBytes} from 'node:crypto'
import {describe, expect, it} from 'vitest'
import {withoutKeys} from '../../src/terminal/hidden-keys.js'
import {hideKeys} from '../../src/wire/text/hidden-keys.js'

const hex = 'f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f'
const pairs = hex.match(/../g)!
const hidden = 'cannot read <a key, not shown>: no such file'

describe('a key in a sentence', () => {
  it.each([
    ['hex', hex],
    ['hex in upper case', hex.toUpperCase()],
    ['hex that lost its last digits', hex.slice(0, -3)],
    ['hex with a prefix', `0x${hex}`],
    ['hex with colons', pairs.join(':')],
    ['hex with blanks', pairs.join(' ')],
    ['hex in words of four digits', hex.match(/..../g)!.join(' ')],
    ['bytes of source code', pairs.map(pair => `0x${pair}`).join(', ')],
    ['bytes of a shell', pairs.map(pair => `\\x${pair}`).join('')],
    ['two keys', `${hex}${hex}`],
  ])('is hidden if it is %s', (_, key) => {
    expect(hideKeys(`cannot read ${key}: no such file`)).toBe(hidden)
    expect(hideKeys(`"${key}" is one argument too many`)).toBe('"<a key, not shown>" is one argument too many')
  })

  it('is hidden between letters', () => {
    expect(hideKeys(`"W${hex}z_" is not HOST:PORT`)).toBe('"W<a key, not shown>z_" is not HOST:PORT')
  })

  it('is hidden if it is base64, with and without padding, in either alphabet', () => {
    for (let n = 0; n < 1000; n++) {
      const text = randomBytes(n % 2 === 0 ? 32 : 64)
      // All of one kind of character are rare enough to be left alone.
      for (const key of [
        text.toString('base64'),
        text.toString('base64').replace(/=+$/, ''),
        text.toString('base64url'),
      ])
        if (/(?:.*[A-Z]){5}/.test(key) && /(?:.*[0-9]){2}/.test(key) && (key.match(/[/_-]/g)?.length ?? 0) <= 4)
          expect(hideKeys(`cannot read ${key}: no such file`)).toBe(hidden)
    }
  })

  it.each([
    'cannot read /home/anna/Documents/captures/relay-2026-11-28T03-07.pcapng: there is no such file or directory',
    'byte 4 of the hex is "0g", which is not hex',
    'frame length 65535 is over 2048',
    'cannot read 3f2a9c11d4e8: there is no such file or directory',
    'no Tox connection found in /srv/dumps/2026/11/28/01/02/03/04/05/06/07/08/09/10/11/12.pcap (3 other TCP connections)',
    '"added facade decade deface" is unknown',
    '--port 10, 11, 12, 13, 14, 15, 16, 17, 18, 19: at most 8',
  ])('is not seen in %s', text => expect(hideKeys(text)).toBe(text))
})

describe('a hint', () => {
  it('keeps public keys that were not typed', () => {
    const hint = ['its public keys are', hex]
    expect(withoutKeys({sentence: 'k holds 2 secret keys', hint}, ['keys', 'convert', 'k']).hint).toEqual(hint)
  })

  it('keeps its caret in place below a key that was typed', () => {
    const mistake = {
      sentence: 'the filter ends too early',
      hint: [{exact: `oob_send.destination_pk == ${hex} &&`}, {exact: '     ^'}],
    }
    expect(withoutKeys(mistake, ['read', '-Y', mistake.hint[0]!.exact]).hint).toEqual([
      {exact: `oob_send.destination_pk == ${'*'.repeat(64)} &&`},
      {exact: '     ^'},
    ])
  })

  it('names the flag that takes a secret key', () => {
    expect(withoutKeys({sentence: `cannot read ${hex}`}, ['read', hex]).hint).toEqual([
      expect.stringContaining('--secret-key takes hex'),
    ])
  })
})

it('reads a long sentence in linear time', () => {
  for (const text of ['0x', 'ab ', '\\x', 'a-', '--', ', ', 'A1b/']) {
    const start = process.cpuUsage().user
    hideKeys(text.repeat(100_000))
    expect(process.cpuUsage().user - start).toBeLessThan(2_000_000)
  }
})

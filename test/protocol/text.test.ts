import fc from 'fast-check'
import {expect, it} from 'vitest'
import {bareKey, bytesCount, excerpt, hostPort, shortKey} from '../../src/protocol/text.js'

it('an excerpt has the first 60 characters of a text, none of them halved', () => {
  const unit = fc.constantFrom('a', 'é', '語', '🙂', '\ud83d')
  fc.assert(
    fc.property(fc.array(unit, {maxLength: 140}), units => {
      const text = units.join('')
      const characters = [...text]
      const first = JSON.stringify(characters.slice(0, 60).join(''))
      expect(excerpt(text)).toBe(characters.length > 60 ? `${first}…` : first)
    }),
  )
})

it('a key is shown by its first and last two bytes, whether it is bytes or hex', () => {
  const hex = `0a0b${'00'.repeat(28)}abcd`
  expect(shortKey(hex)).toBe('0a0b…abcd')
  expect(bareKey(hex)).toBe('0a0b…abcd')
  expect(bareKey(Uint8Array.from(Buffer.from(hex, 'hex')))).toBe('0a0b…abcd')
})

it('a port follows an IPv6 address in brackets', () => {
  expect(hostPort({ip: '1.2.3.4', port: 33445})).toBe('1.2.3.4:33445')
  expect(hostPort({ip: '::1', port: 33445})).toBe('[::1]:33445')
})

it('one byte is not several', () => {
  expect([0, 1, 2].map(bytesCount)).toEqual(['0 bytes', '1 byte', '2 bytes'])
})

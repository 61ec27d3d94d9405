import fc from 'fast-check'
import {expect, it} from 'vitest'
import {excerpt} from '../../src/protocol/text.js'

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

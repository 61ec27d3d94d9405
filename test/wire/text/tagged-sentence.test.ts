import fc from 'fast-check'
import {expect, test} from 'vitest'
import * as limits from '../../../src/wire/limits.js'
import {readTagged, taggedSentence} from '../../../src/wire/text/tagged-sentence.js'

/** Text in which what looks like a tag is likely. */
const texts = fc
  .array(fc.oneof(fc.string(), fc.constantFrom(' [toxtcp ', 'part ', '{', '}', '{}', ']', '"', '{"a":1}')), {
    maxLength: 8,
  })
  .map(parts => parts.join(''))

test('a sentence and its data are read back, whatever they quote', () => {
  fc.assert(
    fc.property(texts, texts, (sentence, value) => {
      const read = readTagged(taggedSentence(sentence, 'part', {value}))
      expect(read).toEqual({sentence: sentence.replace(/\s+/g, ' '), word: 'part', data: new Map([['value', value]])})
    }),
  )
})

test('tags in the data are looked past up to a bound', () => {
  const quoting = (tags: number): string => taggedSentence('x', 'part', {value: ' [toxtcp '.repeat(tags)})
  expect(readTagged(quoting(limits.triedTags - 1))?.sentence).toBe('x')
  expect(readTagged(quoting(limits.triedTags))).toBeUndefined()
})

test.each([
  '',
  ' [toxtcp part {}',
  'x [toxtcp part []]',
  'x [toxtcp PART {}]',
  'x [toxtcp part {]}]',
  'x\n [toxtcp part {}]',
  'x [toxtcp 1part {}]',
  'x [toxtcp  {}]',
  'x [toxtcp part 1}]',
])('%j is not a tagged sentence', line => {
  expect(readTagged(line)).toBeUndefined()
})

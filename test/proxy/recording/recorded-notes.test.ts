import fc from 'fast-check'
import {expect, test} from 'vitest'
import {blockOption} from '../../../src/capture/formats/pcapng-options.js'
import {finding} from '../../../src/expert/finding.js'
import {NoteReader} from '../../../src/proxy/recording/note-reader.js'
import {commentOf, notesIn, type RecordedNote} from '../../../src/proxy/recording/recorded-notes.js'

const notes: readonly RecordedNote[] = [
  {from: 'client', index: 3, finding: finding('packet-changed', {count: 2})},
  {from: 'relay', index: null, finding: finding('packet-dropped', {})},
  {from: 'relay', index: 0, finding: finding('packet-delayed', {milliseconds: 5})},
  {from: 'client', index: null, finding: finding('closed-by-proxy', {why: 'it was stopped'})},
  {from: 'client', index: 1, finding: finding('script-threw', {message: 'a bug\nin [two] lines'})},
]

test('a comment gives back the notes that it was made of', () => {
  expect(notesIn(commentOf(notes))).toEqual(notes)
})

test.each([
  'x [toxtcp packet-dropped {',
  'x [toxtcp packet-dropped {}]',
  'x [toxtcp packet-changed {"count":2}',
  'x [toxtcp ',
])('a script that throws %j is still said to have thrown', message => {
  const thrown: readonly RecordedNote[] = [{from: 'client', index: 1, finding: finding('script-threw', {message})}]
  expect(notesIn(commentOf(thrown))).toEqual(thrown)
})

test('the connection of a packet with a note is known to be changed before its record is used', () => {
  const reader = new NoteReader()
  reader.add({number: 4, options: [[blockOption.comment, new TextEncoder().encode(commentOf(notes.slice(0, 1)))]]})
  expect(reader.isAbout({connection: 0, packets: [4]})).toBe(true)
  expect(reader.isAbout({connection: 1, packets: [5]})).toBe(false)
})

test('a comment says in a sentence what the proxy did', () => {
  expect(commentOf(notes.slice(0, 1))).toMatch(/^client frame \+3: .* \[toxtcp packet-changed \{"count":2\}\]$/)
})

test('a comment fits a pcapng option, whatever a script threw', () => {
  const message = '\u0001'.repeat(500)
  const many = Array.from(
    {length: 100},
    (): RecordedNote => ({
      from: 'client',
      index: 1,
      finding: finding('script-threw', {message}),
    }),
  )
  expect(Buffer.byteLength(commentOf(many))).toBeLessThan(65_536)
})

test.each([
  'a comment of somebody else',
  'client frame +1: x [toxtcp route-zero-key {}]',
  'client frame +1: x [toxtcp packet-changed {]',
  'peer frame +1: x [toxtcp packet-dropped {}]',
])('%j is not a note', comment => {
  expect(notesIn(comment)).toEqual([])
})

test('any comment is read without an exception', () => {
  fc.assert(
    fc.property(fc.string(), fc.json(), (text, json) => {
      expect(notesIn(`client frame +1: ${text} [toxtcp packet-changed ${json}]`).length).toBeLessThan(2)
    }),
  )
})

import {expect, it} from 'vitest'
import {LineEditor} from '../../src/browse/prompt/line-editor.js'

it.each([
  ['left X', 'one twXo'],
  ['ctrl-b ctrl-b X', 'one tXwo'],
  ['home X', 'Xone two'],
  ['ctrl-a right X', 'oXne two'],
  ['home ctrl-f ctrl-f X', 'onXe two'],
  ['home end X', 'one twoX'],
  ['ctrl-a ctrl-e X', 'one twoX'],
  ['backspace', 'one tw'],
  ['left delete', 'one tw'],
  ['home ctrl-d', 'ne two'],
  ['left ctrl-u', 'o'],
  ['home right ctrl-k', 'o'],
  ['ctrl-w', 'one '],
  ['space ctrl-w', 'one '],
  ['space X', 'one two X'],
  ['home left X', 'Xone two'],
  ['right backspace X', 'one twX'],
  ['😀 left Ω', 'one twoΩ😀'],
  ['home 字 backspace', 'one two'],
])('a line that says "one two" becomes, by %s: %s', (keys, text) => {
  const editor = new LineEditor('one two')
  for (const key of keys.split(' ')) expect(editor.take(key)).toBe(true)
  expect(editor.text).toBe(text)
})

it.each(['tab', 'f1', 'ctrl-x', '\u001b', 'up'])('a line does not take %j', key => {
  const editor = new LineEditor('one')
  expect(editor.take(key)).toBe(false)
  expect(editor.text).toBe('one')
})

import {spawnSync} from 'node:child_process'
import {describe, expect, it} from 'vitest'
import {shellWord} from '../../../src/wire/text/shell-word.js'

describe('a word of a hint', () => {
  it.each([
    ['capture.pcap', 'capture.pcap'],
    ['my capture.pcap', "'my capture.pcap'"],
    ["it's", "'it'\\''s'"],
    ['e\u001b[2J\n', "$'e\\x1b[2J\\x0a'"],
    ["it's\n\\", "$'it\\'s\\x0a\\\\'"],
    ['', "''"],
  ])('for %j is %s', (word, expected) => {
    expect(shellWord(word)).toBe(expected)
  })

  it.each(['a b', "it's", "it's\n\\", '$HOME `id` "x" \\', 'e\u001b[2J\u202e\n\u0085Grüße 東京 \u{1f600}'])(
    'is read by bash as it was: %j',
    word => {
      const {stdout} = spawnSync('bash', ['-c', `printf %s ${shellWord(word)}`], {env: {LC_ALL: 'C.UTF-8'}})
      expect(stdout.toString()).toBe(word)
    },
  )
})

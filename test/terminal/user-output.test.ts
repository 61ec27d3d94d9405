import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {ioInAscii} from '../../src/terminal/io.js'
import {printJson} from '../../src/terminal/user-output.js'
import {theme} from '../../src/view/theme.js'
import {codePoint} from '../properties/code-point.js'
import {RecordedIo} from './recorded-io.js'

/** What a terminal would obey, and what hides text. */
const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

describe('results for people', () => {
  it('keep their line ends and the colors of every theme', () => {
    for (const level of [1, 2, 3] as const) {
      const {isPlain: _, ...paints} = theme(level)
      for (const paint of Object.values(paints)) {
        const recorded = new RecordedIo()
        recorded.io.stdout(`${paint('text')}\n│ …\n`)
        expect(recorded.stdout).toBe(`${paint('text')}\n│ …\n`)
      }
    }
  })

  it('have every other escape sequence shown', () => {
    const recorded = new RecordedIo()
    recorded.io.stdout('\u001b[2J \u001b[8mhidden\u001b[0m \u001b]0;title\u0007 \u009b31m \u202e\t\r\n')
    expect(recorded.stdout).toBe('\\x1b[2J \\x1b[8mhidden\u001b[0m \\x1b]0;title\\x07 \\x9b31m \\u{202e}\\x09\\x0d\n')
  })

  it('hold nothing that a terminal obeys but colors', () => {
    fc.assert(
      fc.property(fc.string({unit: codePoint}), text => {
        const recorded = new RecordedIo()
        recorded.io.stdout(text)
        expect(recorded.stdout.replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(unsafe)
      }),
    )
  })
})

describe('a status line', () => {
  it('stays within one row of the terminal, whatever is in it', () => {
    const shown = (line: string) => {
      const narrow = new RecordedIo({noteStyle: {width: 12}})
      narrow.io.status(line)
      return narrow.stderr.replace('\r\u001b[K', '')
    }
    expect(shown('relay.example:33445: handshake ...')).toBe('relay.examp')
    expect(shown('日本語日本語日本語')).toBe('日本語日本')
    expect(shown('short')).toBe('short')
  })
})

describe('notes', () => {
  it('are one line, whatever is in them, and details indented below', () => {
    const recorded = new RecordedIo()
    recorded.io.note('no file "a\nb\u001b[31m"', ['first', {exact: 'second\u0007'}])
    expect(recorded.stderr).toBe('no file "a\\x0ab\\x1b[31m"\n    first\n    second\\x07\n')
  })

  it('are wrapped at the width of a terminal, without what can be typed, and nowhere else', () => {
    const sentence = 'no Tox connection found in capture.pcap (3 other TCP connections)'
    const hint = 'toxtcp read capture.pcap --port 33445 --keylog sessions.keylog'
    const narrow = new RecordedIo({noteStyle: {isAscii: true, width: 40}})
    narrow.io.note(sentence, [{exact: hint}])
    expect(narrow.stderr).toBe(`no Tox connection found in capture.pcap\n    (3 other TCP connections)\n    ${hint}\n`)
    const piped = new RecordedIo()
    piped.io.note(sentence, [{exact: hint}])
    expect(piped.stderr).toBe(`${sentence}\n    ${hint}\n`)
  })

  it('leave a word that is too wide in one piece, so that it can be copied', () => {
    const key = '8f'.repeat(32)
    const narrow = new RecordedIo({noteStyle: {isAscii: true, width: 40}})
    narrow.io.note(`public key of the relay: ${key} (new)`, [`in ${key}`])
    expect(narrow.stderr).toBe(`public key of the relay:\n    ${key}\n    (new)\n    in\n    ${key}\n`)
  })

  it('wrap the sentences of a hint, and leave its pictures and calls in one piece', () => {
    const call = `tcpdump -i any -U -w - tcp port 33445 | toxtcp read - --keylog sessions.keylog`
    const picture = `${'0'.repeat(50)}zz\n${' '.repeat(50)}^^`
    const narrow = new RecordedIo({noteStyle: {isAscii: true, width: 40}})
    narrow.io.note('toxtcp: this is wrong', [
      ...picture.split('\n').map(exact => ({exact})),
      'a key file is 64 raw bytes, or a key log',
      {exact: call},
    ])
    const lines = narrow.stderr.split('\n').map(line => line.slice(4))
    expect(lines.slice(1)).toEqual([...picture.split('\n'), 'a key file is 64 raw bytes, or a key', 'log', call, ''])
  })

  it('have the signs that the locale and --ascii allow', () => {
    const note = 'a key as 8f01…bb10'
    const shown = (io: RecordedIo, to = io.io) => {
      to.note(note, [note])
      return io.stderr
    }
    expect(shown(new RecordedIo({env: {LANG: 'C.UTF-8'}}))).toBe(`${note}\n    ${note}\n`)
    const ascii = 'a key as 8f01..bb10\n    a key as 8f01..bb10\n'
    expect(shown(new RecordedIo({env: {LANG: 'C'}}))).toBe(ascii)
    const recorded = new RecordedIo({env: {LANG: 'C.UTF-8'}})
    expect(shown(recorded, ioInAscii(recorded.io))).toBe(ascii)
  })

  it('are written above the status line', () => {
    const recorded = new RecordedIo()
    recorded.io.status('1 connection')
    recorded.io.note('listening')
    recorded.io.status('2 connections\u001b')
    recorded.io.status('')
    recorded.io.note('done')
    expect(recorded.stderr.split('\r\u001b[K')).toEqual([
      '',
      '1 connection',
      'listening\n1 connection',
      '2 connections\\x1b',
      'done\n',
    ])
  })
})

describe('JSON', () => {
  it('is one line that reads back as the same value, with escapes of its own', () => {
    fc.assert(
      fc.property(fc.string({unit: codePoint}), text => {
        const recorded = new RecordedIo()
        printJson(recorded.io, {[text]: [text]})
        expect(recorded.stdout.slice(0, -1)).not.toMatch(/\n/)
        expect(recorded.stdout).not.toMatch(unsafe)
        expect(JSON.parse(recorded.stdout)).toEqual({[text]: [text]})
      }),
    )
  })
})

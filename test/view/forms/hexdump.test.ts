import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {packetWindow} from '../../../src/protocol/table.js'
import {dumpOf, hexdump} from '../../../src/view/forms/hexdump.js'
import {theme} from '../../../src/view/theme.js'
import {blank} from '../records.js'

/** A frame of n plaintext bytes 0 to 31 again and again, whose text is dots alone, and wire bytes from 0x80 on. */
function frame(size: number) {
  const wire = Uint8Array.from({length: size + 18}, (_, i) => 0x80 + (i % 0x80))
  const plain = Uint8Array.from({length: size}, (_, i) => i % 0x20)
  return {...blank, kind: 'frame' as const, state: 'open' as const, wire, window: packetWindow(plain, 0, size, 18)!}
}

const plain = {theme: theme(0), indent: '', indentWidth: 0}

describe('hexdump', () => {
  it('puts plaintext beside the sealed bytes that it was', () => {
    expect(hexdump(dumpOf(frame(10)), {...plain, width: 80})).toBe(
      [
        '     wire                           plain',
        '0000 80 81 82 83 84 85 86 87',
        '0008 88 89 8a 8b 8c 8d 8e 8f',
        '0010 90 91 92 93 94 95 96 97   0000       00 01 02 03 04 05     ......',
        '0018 98 99 9a 9b               0006 06 07 08 09               ....',
        '',
      ].join('\n'),
    )
  })

  it('shows only the rows of the marked bytes, in brackets on both sides', () => {
    expect(hexdump(dumpOf(frame(10)), {...plain, width: 80, mark: [19, 26]})).toBe(
      [
        '0010 90 91 92[93 94 95 96 97]  0000       00[01 02 03 04 05]    ......',
        '0018[98 99]9a 9b               0006[06 07]08 09               ....',
        '',
      ].join('\n'),
    )
  })

  it('shows one panel where there is one', () => {
    const sealed = {...frame(2), window: null}
    expect(hexdump(dumpOf(sealed), {...plain, width: 80})).toBe(
      '0000 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f   ................\n0010 90 91 92 93                                       ....\n',
    )
    expect(hexdump(dumpOf({...frame(2), wire: null}), {...plain, width: 80})).toBe(
      '0000 00 01                                             ..\n',
    )
    expect(hexdump(dumpOf(blank), {...plain, width: 80})).toBe('')
  })

  it('holds every byte once on each side, and no line is too long', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 300}), fc.integer({min: 36, max: 200}), (size, width) => {
        const lines = hexdump(dumpOf(frame(size)), {...plain, width})
          .trimEnd()
          .split('\n')
          .slice(1)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
        const all = lines.join(' ').match(/(?<= )[0-9a-f]{2}(?= |$)/g) ?? []
        expect(all.filter(byte => byte >= '80').length).toBe(size + 18)
        expect(all.filter(byte => byte < '80').length).toBeGreaterThanOrEqual(size)
      }),
    )
  })

  it('marks by colour where there is one', () => {
    const text = hexdump(dumpOf({...frame(2), wire: null}), {...plain, theme: theme(1), width: 80, mark: [0, 1]})
    expect(text).toContain('\u001b[7m00\u001b[27m')
    expect(text).not.toContain('[00')
  })
})

import {describe, expect, it} from 'vitest'
import {typeNamed} from '../../src/protocol/table.js'
import {bareKey} from '../../src/protocol/text.js'
import {lastText} from '../../src/tree/headline.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {noShift, Window} from '../../src/wire/window.js'
import {typeNameOf, vectors} from '../view/vectors.js'

const samples = [...new Map(vectors.map(vector => [typeNameOf(vector), vector.hex])).entries()].flatMap(
  ([name, hex]) => {
    const type = typeNamed(name)
    return type ? [{name, window: new Window(type, fromHex(hex), 0, hex.length / 2, noShift)}] : []
  },
)

describe('the summary of a packet', () => {
  it.each(samples)('of type $name says its size once at most', ({window}) => {
    expect(lastText(window, bareKey).match(/\d+ bytes?\b/g)?.length ?? 0).toBeLessThan(2)
  })

  it.each([
    ['group_custom', 'f20000000000000010616263646566', '16, 6 bytes'],
    ['group_custom_lossy', 'f201', '1 byte'],
    ['file_data', '5201616263', '#1, 3 bytes'],
    ['custom_lossless', 'a0616263', '160, 3 bytes'],
  ])('of type %s: %s says %s', (name, hex, text) => {
    const type = typeNamed(name as string)!
    expect(lastText(new Window(type, fromHex(hex), 0, hex.length / 2, noShift), bareKey)).toBe(text)
  })
})

import {describe, expect, it} from 'vitest'
import {jsonDepth} from '../../../src/wire/limits.js'
import {parseJson} from '../../../src/wire/text/json.js'

const brackets = '['.repeat(jsonDepth + 1)

describe('the depth of JSON', () => {
  it('is not that of brackets inside strings, wherever quotes are escaped', () => {
    for (const text of [brackets, `"${brackets}`, `\\"${brackets}`, `\\\\`])
      expect(parseJson(JSON.stringify([text, text]))).toEqual([text, text])
  })

  it('counts the brackets after strings that look as if they went on', () => {
    for (const text of ['', '"', '\\', '\\"'])
      expect(() => parseJson(`[${JSON.stringify(text)}, ${brackets}`)).toThrow('nested over')
  })

  it('is that of what is open at a time, and not of all', () => {
    const flat = Array.from({length: jsonDepth + 1}, () => ({}))
    expect(parseJson(JSON.stringify(flat))).toEqual(flat)
  })
})

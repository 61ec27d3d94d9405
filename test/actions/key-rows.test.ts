import {expect, it} from 'vitest'
import {table} from '../../src/actions/keys/text.js'
import {textWidth} from '../../src/view/text-width.js'

it('rows of names and values stay within the columns of the terminal, also with wide characters', () => {
  const names = ['日本語の名前 と もう一つの名前 です', '日本語の名前ともう一つの名前']
  for (const name of names)
    for (const line of table([['label', name]], 30).split('\n')) expect(textWidth(line), line).toBeLessThanOrEqual(30)
  expect(table([['label', '日本語']], 30)).toBe('label  日本語\n')
})

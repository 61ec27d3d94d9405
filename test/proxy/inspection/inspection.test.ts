import {expect, test} from 'vitest'
import {Inspection} from '../../../src/proxy/inspection/inspection.js'
import {uninspectedBytes} from '../../../src/proxy/limits.js'

test('items are looked at later, in order, and a throw is told once and stops nothing', async () => {
  const seen: number[] = []
  const errors: unknown[] = []
  const inspection = new Inspection<number>(
    item => {
      seen.push(item)
      if (item % 2 === 0) throw new Error(`cannot read ${item}`)
    },
    error => errors.push(error),
  )
  const items = Array.from({length: 1000}, (_, i) => i)
  for (const item of items) expect(inspection.push(item, 1)).toBe(true)
  expect(seen).toEqual([])
  await inspection.idle()
  expect(seen).toEqual(items)
  expect(errors).toEqual([new Error('cannot read 0')])
  expect(inspection.failures).toBe(items.length / 2)
})

test('what does not fit is refused, but for what has no bytes', async () => {
  const seen: string[] = []
  const inspection = new Inspection<string>(
    item => seen.push(item),
    () => {},
  )
  expect(inspection.push('big', uninspectedBytes)).toBe(true)
  expect(inspection.push('more', 1)).toBe(false)
  expect(inspection.push('news', 0)).toBe(true)
  await inspection.idle()
  expect(inspection.push('more', 1)).toBe(true)
  await inspection.idle()
  expect(seen).toEqual(['big', 'news', 'more'])
})

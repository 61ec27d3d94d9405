import {describe, expect, it} from 'vitest'
import {thrownText} from '../../../src/proxy/intercept/thrown.js'
import {thrownCharacters} from '../../../src/proxy/limits.js'

const hostile = new Proxy(new Error('hidden'), {
  get() {
    throw new Error('every property throws')
  },
  getPrototypeOf() {
    throw new Error('so does the prototype')
  },
})

describe('the text for what a script threw', () => {
  it.each([
    ['an error', new Error('no frame'), 'no frame'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['an object without a prototype', Object.create(null), 'a value that cannot be shown'],
    ['an error whose message is not text', Object.assign(new Error(), {message: 7}), 'a value that cannot be shown'],
    ['an object whose properties throw', hostile, 'a value that cannot be shown'],
  ])('is one for %s', (_, thrown, text) => {
    expect(thrownText(thrown)).toBe(text)
  })

  it('has a bound', () => {
    expect(thrownText('x'.repeat(10_000))).toHaveLength(thrownCharacters)
  })
})

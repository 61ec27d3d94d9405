import {describe, expect, it} from 'vitest'
import {failureOf} from '../../bin/failure.mjs'
import {InputError} from '../../src/wire/input-error.js'

describe('a mistake of the user', () => {
  it('is its sentence, the hint, and 2', () => {
    const failure = failureOf(
      new InputError('byte 4 of the hex is "0g", which is not hex', '04 00 00 0g\n         ^'),
      ['decode'],
    )
    expect(failure).toEqual({
      status: 2,
      sentence: 'byte 4 of the hex is "0g", which is not hex',
      hint: '04 00 00 0g\n         ^',
    })
  })

  it('is the same when it was found while oclif parsed a flag', () => {
    const error = new InputError('no such time zone', 'name one as UTC')
    error.message = `Parsing --zone \n\t${error.message}\nSee more help with --help`
    expect(failureOf(error, [])).toEqual({status: 2, sentence: 'no such time zone', hint: 'name one as UTC'})
  })
})

describe('an error of oclif', () => {
  const oclif = (message: string, more: object = {}) => Object.assign(new Error(message), {oclif: {exit: 2}, ...more})

  it('that is an exit is said by nobody', () => {
    const failure = failureOf(oclif('EEXIT: 1', {code: 'EEXIT', oclif: {exit: 1}}), [])
    expect(failure).toEqual({status: 1})
  })

  it('becomes one sentence, in plain text', () => {
    const failure = failureOf(
      oclif('The following error occurred:\n  \u001b[2mMissing required flag key\u001b[22m\nSee more help with --help'),
      ['keys', 'make', '--x'],
    )
    expect(failure).toEqual({
      status: 2,
      sentence: 'the following error occurred: Missing required flag key',
      hint: 'see toxtcp keys make --help',
    })
  })

  it('about a flag names those that are near', () => {
    const parse = {input: {flags: {json: {}, 'relay-pk': {}}}}
    expect(failureOf(oclif('Nonexistent flag', {flags: ['--relay-kp=00'], parse}), ['decode'])).toEqual({
      status: 2,
      sentence: 'there is no flag "--relay-kp"',
      hint: 'did you mean --relay-pk?',
    })
  })
})

describe('anything else', () => {
  it('is our bug: one sentence, 3, and no stack', () => {
    const failure = failureOf(new TypeError("Cannot read properties of undefined (reading 'x')\n  of a window"), [
      'decode',
    ])
    expect(failure.status).toBe(3)
    expect(failure.sentence).toMatch(
      /^this is a bug of toxtcp, please report it: TypeError: Cannot read .* of a window$/,
    )
    expect(failure.hint).toMatch(/^DEBUG=1 /)
    expect(failureOf('a string', [])).toMatchObject({status: 3})
  })
})

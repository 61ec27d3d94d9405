import {describe, expect, it} from 'vitest'
import {failureOf, failureText} from '../../src/commands/failure.js'
import {InputError} from '../../src/wire/input-error.js'

describe('a mistake of the user', () => {
  it('is printed as its sentence with the hint indented below, and ends with 2', () => {
    const failure = failureOf(new InputError('byte 4 of the hex is "0g", which is not hex', '04 00 00 0g\n         ^'))
    expect(failure.status).toBe(2)
    expect(failureText(failure)).toBe(
      'toxtcp: byte 4 of the hex is "0g", which is not hex\n    04 00 00 0g\n             ^\n',
    )
  })
})

describe('an error of oclif', () => {
  it('that is an exit has its status and prints nothing', () => {
    const failure = failureOf(Object.assign(new Error('EEXIT: 1'), {code: 'EEXIT', oclif: {exit: 1}}))
    expect(failure).toEqual({status: 1})
    expect(failureText(failure)).toBe('')
  })

  it('that a plugin throws is a mistake of the user', () => {
    expect(failureOf(Object.assign(new Error('Missing 1 required arg'), {oclif: {exit: 2}}))).toEqual({
      status: 2,
      sentence: 'missing 1 required arg',
      hint: 'see toxtcp --help',
    })
  })
})

describe('any other error', () => {
  it('is a bug: one sentence without a stack, and status 3', () => {
    const failure = failureOf(new TypeError("Cannot read properties of undefined (reading 'x')\n  of a window"))
    expect(failure.status).toBe(3)
    expect(failureText(failure)).toMatch(
      /^toxtcp: this is a bug in toxtcp, please report it: TypeError: Cannot read .* of a window\n {4}DEBUG=1 .*\n$/,
    )
    expect(failureOf('a string')).toMatchObject({status: 3})
  })
})

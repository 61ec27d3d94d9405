import {describe, expect, it} from 'vitest'
import {report} from '../../../src/commands/program/failure.js'
import {exactLines} from '../../../src/wire/advice.js'
import {InputError} from '../../../src/wire/input-error.js'
import {RecordedIo} from '../../terminal/recorded-io.js'

/** Exit status of an error, and what is written of it. */
function reported(error: unknown, env: Readonly<Record<string, string>> = {}): readonly [number, string] {
  const recorded = new RecordedIo({env})
  const status = report(error, [], recorded.io)
  expect(recorded.stdout).toBe('')
  return [status, recorded.stderr]
}

describe('a mistake of the user', () => {
  it('is printed as its sentence with the hint indented below, and ends with 2', () => {
    const error = new InputError('byte 4 of the hex is "0g", which is not hex', exactLines('04 00 00 0g', '         ^'))
    const text = 'toxtcp: byte 4 of the hex is "0g", which is not hex\n    04 00 00 0g\n             ^\n'
    expect(reported(error)).toEqual([2, text])
  })

  it('that quotes a word of any length says in a line of about 1,000 characters what is wrong', () => {
    const [status, text] = reported(new InputError(`no rule is called "${'x'.repeat(100_000)}" here`))
    expect(status).toBe(2)
    expect(text).toMatch(/^toxtcp: no rule is called "x{481} \.\.\. x{494}" here\n/)
  })
})

describe('an error of oclif', () => {
  it('that is an exit has its status and prints nothing', () => {
    expect(reported(Object.assign(new Error('EEXIT: 1'), {code: 'EEXIT', oclif: {exit: 1}}))).toEqual([1, ''])
  })

  it('that a plugin throws is a mistake of the user', () => {
    const error = Object.assign(new Error('Missing 1 required arg'), {oclif: {exit: 2}})
    expect(reported(error)).toEqual([2, 'toxtcp: missing 1 required arg\n    see toxtcp --help\n'])
  })
})

describe('any other error', () => {
  const bug = new TypeError("Cannot read properties of undefined (reading 'x')\n  of a window")

  it('is a bug: one sentence without a stack, and status 3', () => {
    const [status, text] = reported(bug)
    expect(status).toBe(3)
    expect(text).toMatch(
      /^toxtcp: this is a bug in toxtcp, please report it: TypeError: Cannot read .* of a window\n {4}DEBUG=1 .*\n$/,
    )
    expect(reported('a string')[0]).toBe(3)
  })

  it('is printed with its stack if DEBUG is set', () => {
    expect(reported(bug, {DEBUG: '1'})[1]).toMatch(/\n {8}at .*failure\.test\.ts/)
  })
})

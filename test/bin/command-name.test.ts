import {describe, expect, it} from 'vitest'
import {findCommand, isTopic, leadingWords, unknownCommand} from '../../bin/command-name.mjs'

describe('the name of a command', () => {
  it('is in the words before the first flag', () => {
    expect(leadingWords(['keys', 'show', 'a', '--json'])).toEqual(['keys', 'show'])
    expect(leadingWords(['decode', '-V', '04'])).toEqual(['decode'])
    expect(leadingWords(['--help', 'decode'])).toEqual([])
  })

  it('is the longest that fits', () => {
    expect(findCommand(['keys', 'show'])).toBe('keys show')
    expect(findCommand(['decode', 'keys'])).toBe('decode')
    expect(findCommand(['keys'])).toBeUndefined()
    expect(findCommand(['constructor'])).toBeUndefined()
  })

  it('may have a topic', () => {
    expect(isTopic(['keys'])).toBe(true)
    expect(isTopic(['keys', 'mak'])).toBe(false)
    expect(isTopic(['decode'])).toBe(false)
  })

  it('that is wrong is answered with what is near, in its topic if it has one', () => {
    expect(unknownCommand(['keys', 'mak'], ['keys', 'mak'])).toMatchObject({
      message: 'there is no command "keys mak"',
      hint: 'did you mean toxtcp keys make?',
    })
    expect(unknownCommand(['decod', '04'], ['decod', '04'])).toMatchObject({
      message: 'there is no command "decod"',
      hint: 'did you mean toxtcp decode?',
    })
    expect(unknownCommand([], ['-V'])).toMatchObject({message: '"-V" stands where a command is expected'})
  })
})

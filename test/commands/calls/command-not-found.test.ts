import {describe, expect, it} from 'vitest'
import {unknownCommand} from '../../../src/commands/program/command-not-found.js'

const config = {commandIDs: ['decode', 'help', 'keys:make', 'keys:show']}

describe('an unknown command', () => {
  it.each([
    [['decod', '04'], 'there is no command "decod"', 'did you mean toxtcp decode?'],
    [['keys', 'mak', 'a'], 'there is no command "keys mak"', 'did you mean toxtcp keys make?'],
    [
      ['keys', 'frobnicate'],
      'there is no command "keys frobnicate"',
      'did you mean toxtcp keys make or toxtcp keys show?',
    ],
    [['frobnicate'], 'there is no command "frobnicate"', 'toxtcp --help lists the commands'],
    [['-V'], 'expected a command, found "-V"', 'toxtcp --help lists the commands'],
  ])('%j is answered with what may have been meant', (words, message, hint) => {
    expect(unknownCommand(words, config)).toMatchObject({message, hint, code: 'unknown-name'})
  })
})

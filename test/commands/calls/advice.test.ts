import {describe, expect, it} from 'vitest'
import {withCommandLine} from '../../../src/commands/program/mistake.js'
import {type Advice, addFlags, omitFlag, replaceWord, setFlag} from '../../../src/wire/advice.js'
import {InputError} from '../../../src/wire/input-error.js'

describe('the remedy of a mistake', () => {
  const hintOf = (advice: Advice | string, argv: readonly string[]) =>
    withCommandLine(new InputError('a mistake', advice, 'bad-option'), 'read', argv).hint

  it('makes the command line that is right, whatever its hint says in words', () => {
    expect(hintOf(setFlag('-n', '1', '-n 2'), ['-n', '0', 'a.pcap'])).toBe('toxtcp read -n 1 a.pcap\n-n 2')
    expect(hintOf(addFlags(['--force'], 'to replace it'), ['-w', 'b'])).toBe(
      'add --force to replace it\ntoxtcp read -w b --force',
    )
    expect(hintOf(omitFlag('--view', 'to print,'), ['--view', 'a'])).toBe('to print, leave out --view\ntoxtcp read a')
    expect(hintOf(replaceWord('frm', 'from', 'a word is wrong'), ['-Y', 'frm == client'])).toBe(
      "a word is wrong\ntoxtcp read -Y 'from == client'",
    )
  })

  it('is not looked for in the words of a hint', () => {
    expect(hintOf('add --force to replace it', ['-w', 'b'])).toBe('add --force to replace it')
  })

  it('stays where a place is added to the mistake', () => {
    const {advice, message} = new InputError('a mistake', setFlag('-n', '1')).at('here')
    expect({advice, message}).toEqual({advice: setFlag('-n', '1'), message: 'here: a mistake'})
  })

  it('is not made up where the wrong word is typed twice', () => {
    expect(hintOf(replaceWord('frm', 'from'), ['frm', 'frm'])).toBe('did you mean "from"?')
  })
})

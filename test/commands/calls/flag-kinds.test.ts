import {Flags, Parser} from '@oclif/core'
import {describe, expect, it} from 'vitest'
import {checkedChoices, InvalidValue, integer, repeatable} from '../../../src/commands/flags/kinds.js'
import {mistakeOf} from '../../../src/commands/program/mistake.js'

const flags = {
  port: integer({...repeatable, min: 1, max: 65_535}),
  least: integer({min: 0}),
  color: Flags.option({options: ['red', 'green'] as const})(),
  open: Flags.string({dependsOn: ['door']}),
  door: Flags.string(),
  shut: Flags.boolean({exclusive: ['open']}),
  usual: Flags.string({default: 'x', exclusive: ['door']}),
}

/** What parsing throws, as the user sees it. */
const mistakeIn = async (...argv: string[]) => {
  const error = await Parser.parse(argv, {flags: checkedChoices(flags), args: {}}).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return mistakeOf(error, 'keys:make')
}

describe('a flag for a whole number', () => {
  it('takes numbers within its bounds', async () => {
    const parsed = await Parser.parse(['--port', '1', '--port', '65535', '--least', '0'], {flags})
    expect(parsed.flags).toMatchObject({port: [1, 65_535], least: 0})
  })

  it.each([
    [['--port', '0'], '--port 0 is not between 1 and 65535'],
    [['--port', '65536'], '--port 65536 is not between 1 and 65535'],
    [['--least', '-1'], '--least -1 is not at least 0'],
    [['--least', '1.5'], '--least "1.5" is not a whole number'],
    [['--least', ''], '--least "" is not a whole number'],
  ])('refuses %j', async (argv, message) => {
    expect(await mistakeIn(...argv)).toMatchObject({message, hint: 'see toxtcp keys make --help'})
  })
})

describe('a mistake found by the parser of oclif', () => {
  it.each([
    [['--color', 'blue'], '--color "blue" is not one of red, green'],
    [['--open', 'x'], '--open needs --door'],
    [['--open', 'x', '--door', 'y', '--shut'], '--shut and --open cannot both be given'],
    [['--colour', 'red'], 'there is no flag "--colour"'],
    [['word'], '"word" is one argument too many'],
    [['--door'], 'flag --door expects a value'],
  ])('is one sentence in %j', async (argv, message) => {
    expect(await mistakeIn(...argv)).toMatchObject({message, code: 'bad-option'})
  })

  it('is not found where a default and a flag exclude each other', async () => {
    expect(await mistakeIn('--door', 'y')).toBeUndefined()
  })

  it('names flags that are near', async () => {
    expect(await mistakeIn('--usul', 'x')).toMatchObject({hint: 'did you mean --usual?'})
  })

  it('is not made of other errors', () => {
    expect(mistakeOf(new TypeError('x'), 'decode')).toBeUndefined()
    expect(mistakeOf(new InvalidValue('--x is wrong'), undefined)).toMatchObject({hint: 'see toxtcp --help'})
  })
})

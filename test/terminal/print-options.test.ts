import {describe, expect, it} from 'vitest'
import {defaultColorLevel, terminalColorLevel} from '../../src/terminal/color-level.js'
import {isUtf8} from '../../src/terminal/locale.js'
import {colorLevelOf, type PrintFlags, printOptions} from '../../src/terminal/options/print-options.js'
import {InputError} from '../../src/wire/input-error.js'
import {RecordedIo} from './recorded-io.js'

const flags: PrintFlags = {
  tree: false,
  json: false,
  hex: false,
  bytes: false,

  fields: [],
  fieldOptions: [],
}

/** A process with another environment. */
const io = (env: Record<string, string> = {}, isOutputTerminal = false) =>
  new RecordedIo({isOutputTerminal, width: 100, colorLevel: defaultColorLevel(env, isOutputTerminal), env}).io

describe('the form', () => {
  it.each([
    ['list', {}],
    ['tree', {tree: true}],
    ['json', {json: true}],
    ['json', {json: true, format: 'json'}],
    ['tree', {tree: true, format: 'tree'}],
    ['csv', {format: 'csv'}],
    ['ek', {format: 'ek', bytes: true}],
    ['fields', {format: 'fields', fields: ['type']}],
    ['list', {columns: ['type']}],
    ['list', {isDialogue: true}],
    ['csv', {format: 'csv', columns: ['type']}],
    ['csv', {format: 'csv', fields: ['type'], fieldOptions: ['occurrence=f']}],
  ] as const)('is %s for %j', (format, given) => {
    expect(printOptions({...flags, ...given}, io(), 'list').format).toBe(format)
  })

  it.each([
    [{json: true, tree: true}],
    [{json: true, format: 'list'}],
    [{tree: true, format: 'list'}],
    [{format: 'fields', fields: ['type'], fieldOptions: ['header=maybe']}],
  ] as const)('cannot be %j', given => {
    expect(() => printOptions({...flags, ...given}, io(), 'list')).toThrow(InputError)
  })

  it('takes the width of a terminal, or that of COLUMNS, or none', () => {
    expect(printOptions(flags, io({}, true), 'list').width).toBe(100)
    expect(printOptions(flags, io({COLUMNS: '100'}), 'list').width).toBe(100)
    expect(printOptions(flags, io(), 'list').width).toBe(Number.POSITIVE_INFINITY)
  })

  it('has a time zone where times are of the day', () => {
    expect(printOptions({...flags, time: 'ad'}, io(), 'list').timeZone).toBe(
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    )
    expect(printOptions(flags, io(), 'list').timeZone).toBe('UTC')
  })
})

describe('the locale', () => {
  it.each([
    [true, {LANG: 'en_GB.UTF-8'}],
    [true, {LANG: 'C', LC_CTYPE: 'C.utf8'}],
    [true, {LANG: 'C', LC_ALL: 'de_DE.UTF8'}],
    [false, {LANG: 'en_GB.UTF-8', LC_ALL: 'C'}],
    [false, {LANG: 'de_DE.ISO-8859-1'}],
    [false, {}],
  ] as const)('is UTF-8: %s, for %j', (expected, env) => {
    expect(isUtf8(env)).toBe(expected)
    expect(printOptions(flags, io(env), 'list').isAscii).toBe(!expected)
  })
})

describe('the colour level', () => {
  it.each([
    [1, {}],
    [1, {TERM: 'xterm'}],
    [2, {TERM: 'xterm-256color'}],
    [3, {TERM: 'xterm-256color', COLORTERM: 'truecolor'}],
    [3, {COLORTERM: '24bit'}],
  ] as const)('of a terminal is %i with %j', (level, env) => {
    expect(terminalColorLevel(env)).toBe(level)
    expect(defaultColorLevel(env, true)).toBe(level)
    expect(defaultColorLevel(env, false)).toBe(0)
    expect(defaultColorLevel({...env, NO_COLOR: '1'}, true)).toBe(0)
    expect(defaultColorLevel({...env, NO_COLOR: '1', FORCE_COLOR: 'true'}, false)).toBe(level)
    expect(colorLevelOf(true, io(env))).toBe(level)
    expect(colorLevelOf(false, io(env, true))).toBe(0)
    expect(colorLevelOf(undefined, io(env, true))).toBe(level)
  })

  it.each([
    [0, '0'],
    [0, 'false'],
    [1, ''],
    [1, '1'],
    [2, '2'],
    [3, '3'],
  ])('is %i where FORCE_COLOR is "%s"', (level, value) => {
    expect(defaultColorLevel({FORCE_COLOR: value}, true)).toBe(level)
    expect(defaultColorLevel({FORCE_COLOR: value}, false)).toBe(level)
  })
})

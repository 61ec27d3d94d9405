import type {Command} from '@oclif/core/command'
import {checkLabels} from '../../terminal/options/labels.js'
import {type ColorRole, type ColorStyles, checkStyle, colorRoles} from '../../view/theme.js'
import {InputError} from '../../wire/input-error.js'
import {parseJson} from '../../wire/text/json.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'
import type {CommandTable} from '../program/own-plugin.js'

/** A default of a flag, as the words that would be typed. */
export interface FlagDefault {
  /** Name of the flag, without `--`. */
  readonly name: string
  readonly words: readonly string[]
}

/** Defaults that a user wrote down. */
export interface Config {
  readonly path: string
  /** Defaults of every command that has the flag. */
  readonly flags: readonly FlagDefault[]
  /** Defaults of one command, by its id: they come before those of every command. */
  readonly commands: ReadonlyMap<string, readonly FlagDefault[]>
  /** Names of peers, each `KEY=NAME`. */
  readonly labels: readonly string[]
  readonly colors: ColorStyles
}

const sections = ['flags', 'commands', 'labels', 'colors'] as const

/** The example that a hint shows. */
const example =
  '{"flags": {"keylog": "~/keys.log"}, "commands": {"read": {"time": "ad"}}, "colors": {"client": "blue"}}'

type Json = Readonly<Record<string, unknown>>

/**
 * Defaults from the text of a file.
 * @param home the folder that `~/` at the start of a value means.
 * @throws InputError for text that is not JSON of that form, and for names of flags, commands and colours that are not
 * known. Values of flags are checked when flags are.
 */
export function parseConfig(path: string, text: string, all: CommandTable, home: string | undefined): Config {
  const {flags = {}, commands = {}, labels = {}, colors = {}} = objectIn(path, text)
  const visible = Object.fromEntries(Object.entries(all).filter(([, {hidden}]) => !hidden))
  const everyFlag = Object.assign({}, ...Object.values(visible).map(command => command.flags))
  const place = (name: string) => `${path}, ${name}`
  return {
    path,
    flags: defaultsIn(place('flags'), flags, everyFlag, home),
    commands: new Map(
      Object.entries(members(place('commands'), commands)).map(([title, values]) => {
        const id = known(place('commands'), 'command', title.replaceAll(' ', ':'), Object.keys(visible))
        return [id, defaultsIn(place(`commands.${title}`), values, visible[id]!.flags, home)]
      }),
    ),
    labels: labelsIn(place('labels'), labels),
    colors: colorsIn(place('colors'), colors),
  }
}

function objectIn(path: string, text: string): Partial<Record<(typeof sections)[number], unknown>> {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new InputError(`${path} is not JSON: ${inLowerCase(error.message)}`, example, 'bad-option')
  }
  const object = members(path, value)
  for (const name of Object.keys(object)) known(path, 'section', name, sections)
  return object
}

function members(place: string, value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw new InputError(`${place} is not an object`, example, 'bad-option')
}

/** A name that is one of those that are known. @throws InputError with the nearest ones. */
function known(place: string, kind: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name
  const hint =
    didYouMean(name, nearest(name, names)) ?? (names.length > 20 ? undefined : `it is one of ${names.join(', ')}`)
  throw new InputError(`${place}: there is no ${kind} "${name}"`, hint, 'unknown-name')
}

function textAt(place: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new InputError(`${place} is ${JSON.stringify(value)}, not a text`, example, 'bad-option')
}

function labelsIn(place: string, value: unknown): string[] {
  const labels = Object.entries(members(place, value)).map(([key, name]) => `${key}=${textAt(`${place}.${key}`, name)}`)
  inPlace(place, () => checkLabels(labels))
  return labels
}

/** Adds the place to an InputError that is thrown. */
function inPlace(place: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof InputError ? error.at(place) : error
  }
}

function colorsIn(place: string, value: unknown): ColorStyles {
  const colors: Partial<Record<ColorRole, string>> = {}
  for (const [name, style] of Object.entries(members(place, value))) {
    const role = colorRoles.find(one => one === name)
    if (role === undefined) known(place, 'colour', name, colorRoles)
    else {
      const text = textAt(`${place}.${name}`, style)
      inPlace(`${place}.${name}`, () => checkStyle(text))
      colors[role] = text
    }
  }
  return colors
}

function defaultsIn(
  place: string,
  value: unknown,
  flags: Command.Cached['flags'],
  home: string | undefined,
): FlagDefault[] {
  return Object.entries(members(place, value)).flatMap(([typed, given]) => {
    const name = known(place, 'flag', typed.replace(/^--/, ''), Object.keys(flags))
    const flag = flags[name]!
    const at = `${place}.${typed}`
    if (name === 'color' && typeof given === 'boolean') return [{name, words: ['--color', given ? 'always' : 'never']}]
    if (flag.type === 'boolean') return switched(at, name, given, flag.allowNo === true)
    const values = Array.isArray(given) ? given : [given]
    if (values.length > 1 && !flag.multiple)
      throw new InputError(`${at} is a list, and --${name} has one value`, `"${name}": "VALUE"`, 'bad-option')
    return [{name, words: values.flatMap(one => [`--${name}`, inHome(valueAt(at, one), home)])}]
  })
}

/** A flag without a value: true, or false, which is what it is anyway unless it has an opposite. */
function switched(place: string, name: string, given: unknown, hasOpposite: boolean): FlagDefault[] {
  if (typeof given !== 'boolean')
    throw new InputError(`${place} is ${JSON.stringify(given)}, not true or false`, `"${name}": true`, 'bad-option')
  if (given) return [{name, words: [`--${name}`]}]
  return hasOpposite ? [{name, words: [`--no-${name}`]}] : []
}

function valueAt(place: string, value: unknown): string {
  return typeof value === 'number' ? String(value) : textAt(place, value)
}

const inHome = (value: string, home: string | undefined): string =>
  home !== undefined && value.startsWith('~/') ? `${home}${value.slice(1)}` : value

const inLowerCase = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')

import * as Flags from '@oclif/core/flags'
import type * as Interfaces from '@oclif/core/interfaces'
import {nearest} from '../../wire/text/nearest.js'

/** Turns the text of an option into its value. */
type ParseOption = Interfaces.OptionFlag<unknown>['parse']

/**
 * A value that a flag cannot have. oclif adds its own text to the message of an error that a flag's parser throws, so
 * the sentence has a field of its own.
 */
export class InvalidValue extends Error {
  /**
   * @param sentence one sentence with the flag and the value.
   * @param slip the value, and the one that was likely meant.
   */
  constructor(
    readonly sentence: string,
    readonly slip?: {readonly value: string; readonly meant: string},
  ) {
    super(sentence)
  }
}

/** Properties of flags that may be given more than once. None takes the argument that follows its value. */
export const repeatable = {multiple: true, multipleNonGreedy: true} as const

/** A flag for an integer between two bounds. */
export const integer = Flags.custom<number, {min?: number; max?: number}>({
  async parse(input, _context, {name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER}) {
    const value = Number(input)
    if (!/^-?\d+$/.test(input)) throw new InvalidValue(`--${name} "${input}" is not a whole number`)
    if (value < min || value > max) throw new InvalidValue(`--${name} ${input} is not ${between(value, min, max)}`)
    return value
  },
})

/** When text is coloured. */
const colorWhen = ['always', 'never', 'auto'] as const

/**
 * `--color=always`, `never` or `auto`: whether colours are used whatever the environment says; undefined: it decides.
 */
export const colors = Flags.custom<boolean | undefined>({
  options: [...colorWhen],
  helpValue: 'WHEN',
  parse: async input => (input === 'auto' ? undefined : input === 'always'),
})

/** Words where `--color` without a value is `--color=always`, and `--no-color` is `--color=never`. */
export function withColorValues(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.map((word, at) => {
    if (end >= 0 && at > end) return word
    if (word === '--no-color') return '--color=never'
    const isBare = word === '--color' && !colorWhen.some(when => when === argv[at + 1])
    return isBare ? '--color=always' : word
  })
}

function between(value: number, min: number, max: number): string {
  if (max === Number.MAX_SAFE_INTEGER && value < min) return `at least ${min}`
  return min === Number.MIN_SAFE_INTEGER ? `at most ${max}` : `between ${min} and ${max}`
}

/**
 * The same flags, where those with a list of options check it themselves: oclif's own check throws an error that says
 * neither flag nor value but in its message.
 */
export function checkedChoices<Input extends Interfaces.FlagInput>(flags: Input): Input {
  const checked: Interfaces.FlagInput = {}
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.type !== 'option' || flag.options === undefined) continue
    const {options, ...rest} = flag
    checked[name] = {
      ...rest,
      parse: async (...[input, context, definition]: Parameters<ParseOption>) => {
        if (!options.includes(input)) {
          const meant = meantChoice(input, options)
          throw new InvalidValue(
            `--${name} "${input}" is not one of ${options.join(', ')}`,
            meant === undefined ? undefined : {value: input, meant},
          )
        }
        return flag.parse(input, context, definition)
      },
    }
  }
  return {...flags, ...checked}
}

/** The option that a value is a slip or an inflection of, as `warning` of `warn`; undefined: none is near. */
const meantChoice = (value: string, options: readonly string[]): string | undefined =>
  nearest(value, options)[0] ?? options.find(option => value.toLowerCase().startsWith(option))

/** Arguments without a `--listen` that names no address: it means the usual one. */
export const withoutBareListen = (args: readonly string[]): string[] =>
  args.filter((arg, at) => arg !== '--listen' || !(args[at + 1]?.startsWith('-') ?? true))

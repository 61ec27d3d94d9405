import type {Io} from '../terminal/io.js'
import {rowWidth} from '../terminal/options/print-options.js'
import {printJson} from '../terminal/user-output.js'
import type {ColorStyles} from '../view/theme.js'
import {hideKeys} from '../wire/text/hidden-keys.js'
import {type Row, table} from './keys/text.js'

/** A default of a flag. */
export interface FlagSetting {
  /** As it is typed: `--time`, `--no-pager`. */
  readonly flag: string
  /** undefined: the flag has none. */
  readonly value: string | undefined
  /** The command that it is for; undefined: all that have the flag. */
  readonly command: string | undefined
}

/** What a user wrote down, and where. */
export interface Defaults {
  /** The file; undefined: there is no place for one. */
  readonly path: string | undefined
  readonly isThere: boolean
  readonly flags: readonly FlagSetting[]
  /** Names of peers, each `KEY=NAME`. */
  readonly labels: readonly string[]
  readonly colors: ColorStyles
}

/** Variables that the program reads. */
const variables = [
  ...['TOXTCP_CONFIG', 'TOXTCP_KEYLOG', 'TOXTCP_PASSPHRASE', 'FORCE_COLOR', 'NO_COLOR', 'PAGER', 'COLUMNS', 'TZ'],
  ...['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'],
]

/** Those whose values are secrets. */
const secretVariables = ['TOXTCP_PASSPHRASE']

const hidden = '<not shown>'

/** `toxtcp config`: what is in force, and from where. @returns the exit status. */
export function showConfig(
  defaults: Defaults,
  json: boolean,
  io: Pick<Io, 'stdout' | 'data' | 'env' | 'isOutputTerminal' | 'width'>,
): number {
  const {path, isThere, labels, colors} = defaults
  const flags = defaults.flags.map(({value, ...rest}) => ({...rest, value: value && hideKeysOf(rest.flag, value)}))
  const environment = variables.flatMap((name): [string, string][] => {
    const value = io.env[name]
    return value === undefined ? [] : [[name, secretVariables.includes(name) ? hidden : value]]
  })
  if (json) {
    printJson(io, {
      file: path ?? null,
      exists: isThere,
      flags: flags.map(({flag, value, command}) => ({flag, value: value ?? null, command: command ?? null})),
      labels: Object.fromEntries(labels.map(splitLabel)),
      colors,
      environment: Object.fromEntries(environment),
    })
    return 0
  }
  const from = path ?? ''
  const rows: Row[] = [
    ['file', path === undefined ? 'none' : isThere ? path : `${path} (it does not exist)`],
    ...flags.map(({flag, value, command}): Row => {
      const typed = value === undefined ? flag : `${flag} ${value}`
      return [command === undefined ? 'every command' : `toxtcp ${command}`, `${typed}   from ${from}`]
    }),
    ...labels.map((label): Row => ['label', `${label}   from ${from}`]),
    ...Object.entries(colors).map(([role, style]): Row => ['colour', `${role} ${style}   from ${from}`]),
    ...environment.map(([name, value]): Row => [name, `${value}   from the environment`]),
  ]
  io.stdout(table(rows, rowWidth(io)))
  return 0
}

const hideKeysOf = (flag: string, value: string): string => (flag === '--relay-pk' ? value : hideKeys(value))

function splitLabel(label: string): [string, string] {
  const at = label.indexOf('=')
  return [label.slice(0, at), label.slice(at + 1)]
}

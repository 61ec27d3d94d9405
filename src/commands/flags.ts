import * as Flags from '@oclif/core/flags'
import type {InferredFlags} from '@oclif/core/interfaces'
import type {KeyOptions} from '../files/load-keys.js'
import type {OutputOptions} from '../terminal/output.js'
import {type PrintFlags, timeForms} from '../terminal/print-options.js'
import {formatNames, formatsTaking} from '../view/formats.js'
import {fieldOptionNames} from '../view/forms/field-options.js'

/** Given more than once, and never taking the argument that follows its value. */
const repeatable = {multiple: true, multipleNonGreedy: true} as const

const printing = {helpGroup: 'PRINTING'} as const
const keys = {helpGroup: 'KEY'} as const

/** How anything is drawn. */
export const drawingFlags = {
  ascii: Flags.boolean({description: 'draw with ASCII characters only, as is done where the locale is not UTF-8'}),
  color: Flags.boolean({
    allowNo: true,
    description: 'colours, or none; otherwise FORCE_COLOR, NO_COLOR and the terminal decide',
  }),
}

/** How packets are printed. */
const printFlags = {
  tree: Flags.boolean({char: 'V', ...printing, description: 'each packet as a tree of its fields; short for -T tree'}),
  hex: Flags.boolean({char: 'x', ...printing, description: `with ${formatsTaking('hex')}: add a hex dump`}),
  format: Flags.option({
    options: formatNames,
    char: 'T',
    ...printing,
    helpValue: 'FORM',
    description: `the format of the output: ${formatNames.join(', ')}`,
  })(),
  json: Flags.boolean({...printing, description: 'one JSON object a line; short for -T json'}),
  field: Flags.string({
    ...repeatable,
    char: 'e',
    ...printing,
    helpValue: 'FIELD',
    description: `with ${formatsTaking('fields')}: a field to print, named as in filters; repeatable`,
  }),
  'field-option': Flags.string({
    ...repeatable,
    char: 'E',
    ...printing,
    helpValue: 'NAME=VALUE',
    description: `with ${formatsTaking('fields')}: an option, as tshark names it: ${fieldOptionNames.join(', ')}; repeatable`,
  }),
  filter: Flags.string({
    char: 'Y',
    ...printing,
    helpValue: 'EXPR',
    description: 'print only what this matches, as in: type == oob_send && length > 100',
  }),
  count: Flags.integer({char: 'c', min: 1, ...printing, helpValue: 'N', description: 'stop after N printed records'}),
  time: Flags.option({
    options: timeForms,
    char: 't',
    default: 'r',
    ...printing,
    helpValue: 'FORM',
    description:
      'times as time of day (a), with the date (ad), since the first record (r), since the record before (d), since 1970 (e)',
  })(),
  bytes: Flags.boolean({...printing, description: `with ${formatsTaking('bytes')}: add the bytes of every level`}),
  ascii: {...drawingFlags.ascii, ...printing},
  color: {...drawingFlags.color, ...printing},
  'fail-on': Flags.option({
    options: ['error', 'warn', 'note'] as const,
    ...printing,
    helpValue: 'SEVERITY',
    description: 'exit with 1 if a finding is at least this severe: error, warn, note',
  })(),
}

/** Keys that open what is sealed. */
export const keyFlags = {
  key: Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'FILE',
    description: 'a key file of any kind: of a relay, a .tox save, a key log, secret keys in hex; repeatable',
  }),
  keylog: Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'FILE',
    description: 'a key log, which may still be empty; repeatable. TOXTCP_KEYLOG names one more',
  }),
  'secret-key': Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'HEX',
    description: 'a secret key; repeatable. Lists of processes show it to others: prefer --key',
  }),
  'relay-pk': Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'HEX',
    description: "a relay's public key, which together with a client's secret key opens handshakes; repeatable",
  }),
}

/** Flags of all commands that print packets. */
export const packetFlags = {...printFlags, ...keyFlags}

/** What the actions of such commands take. */
export interface PacketOptions extends OutputOptions {
  readonly print: PrintFlags
  readonly keys: KeyOptions
}

export function packetOptions(flags: InferredFlags<typeof packetFlags>, env: KeyOptions['env']): PacketOptions {
  const {tree, json, hex, bytes, ascii, color, format, time, filter, count} = flags
  return {
    print: {
      tree,
      json,
      hex,
      bytes,
      ascii,
      color,
      format,
      time,
      fields: flags.field ?? [],
      fieldOptions: flags['field-option'] ?? [],
    },
    keys: keyOptions(flags, env),
    filter,
    count,
    failOn: flags['fail-on'],
  }
}

export function keyOptions(flags: InferredFlags<typeof keyFlags>, env: KeyOptions['env']): KeyOptions {
  return {
    key: flags.key ?? [],
    keylog: flags.keylog ?? [],
    secretKey: flags['secret-key'] ?? [],
    relayPk: flags['relay-pk'] ?? [],
    env,
  }
}

import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type * as Interfaces from '@oclif/core/interfaces'
import {peersNames} from '../../expert/peers.js'
import {severities} from '../../expert/rule.js'
import type {KeyOptions} from '../../files/keys/load-keys.js'
import {optionBounds} from '../../library/option-bounds.js'
import {type PrintFlags, timeForms} from '../../terminal/options/print-options.js'
import type {OutputOptions} from '../../terminal/output.js'
import {type FormatName, formatNames, formatsTaking, textFormatNames} from '../../view/formats.js'
import {colors, integer, repeatable} from './kinds.js'

const printing = {helpGroup: 'PRINTING'} as const
const keys = {helpGroup: 'KEY'} as const

/** Capture files to read, as arguments. */
export const captureArgs = {
  file: Args.string({
    name: 'FILE',
    multiple: true,
    ignoreStdin: true,
    description: 'capture files; use - for standard input',
  }),
}

/** How capture files are read. */
export const captureFlags = {
  read: Flags.string({
    ...repeatable,
    char: 'r',
    helpValue: 'FILE',
    description: 'a capture file, as tshark takes it: the same as an argument; repeatable',
  }),
  connection: Flags.string({helpValue: 'N,...', description: 'only these connections: 3, or 0,3, or 5-8'}),
  port: integer({
    ...repeatable,
    ...optionBounds.ports,
    helpValue: 'PORT',
    description: 'treat every connection from or to this port as Tox; repeatable',
  }),
  threads: integer({
    ...optionBounds.threads,
    helpValue: 'N',
    description: 'number of extra threads that decrypt frames (default: chosen by size)',
  }),
}

/** Which share of a capture's connections is read. */
export const shardFlag = Flags.string({
  helpValue: 'I/N',
  description: 'read one of N shards, from 1/N to N/N: each connection is in one of them, the same in every run',
})

/** Who sent bytes. */
export const senders = ['client', 'relay'] as const

/** How text is drawn. */
export const drawingFlags = {
  ascii: Flags.boolean({description: 'draw with ASCII characters only (default if the locale is not UTF-8)'}),
  color: colors({
    description:
      'use colours always, never or auto: as FORCE_COLOR, NO_COLOR and the terminal say (default auto; --color alone ' +
      'is always, --no-color is never)',
  }),
}

/** Whether long output on a terminal goes through the pager. */
export const pagerFlag = Flags.boolean({
  default: true,
  allowNo: true,
  description: 'on a terminal, show long output in a pager (the variable PAGER)',
})

/** Flags whose text lists formats. @param names the formats that the command has. */
const formatFlags = <Name extends FormatName>(names: Name[]) => ({
  format: Flags.option({
    options: names,
    char: 'T',
    ...printing,
    helpValue: 'FORM',
    description: `output format: ${names.join(', ')}`,
  })(),
  bytes: Flags.boolean({
    ...printing,
    description: `with ${formatsTaking('bytes', names)}: add the bytes of each level`,
  }),
})

const worstFirst = severities.toReversed()

/** How packets are printed. */
const printFlags = {
  tree: Flags.boolean({
    char: 'V',
    ...printing,
    description: 'print each packet as a tree of its fields; same as -T tree',
  }),
  hex: Flags.boolean({
    char: 'x',
    ...printing,
    description: `with ${formatsTaking('hex', textFormatNames)}: add a hex dump`,
  }),
  format: formatFlags(textFormatNames).format,
  json: Flags.boolean({...printing, description: 'print one JSON object per line; same as -T json'}),
  field: Flags.string({
    ...repeatable,
    char: 'e',
    ...printing,
    helpValue: 'FIELD',
    description: `with ${formatsTaking('fields', textFormatNames)}: add a field, named as in filters; repeatable`,
  }),
  'field-option': Flags.string({
    ...repeatable,
    char: 'E',
    ...printing,
    helpValue: 'NAME=VALUE',
    description:
      `with ${formatsTaking('fields', textFormatNames)}: set an option, as in tshark: header=y, separator=, or ` +
      '/t or /s, quote=d, occurrence=f, aggregator=/s, formulas=y; repeatable',
  }),
  filter: Flags.string({
    char: 'Y',
    ...printing,
    helpValue: 'EXPR',
    description: 'print only records that match, as in: type == oob_send && length > 100',
  }),
  count: integer({char: 'c', min: 1, ...printing, helpValue: 'N', description: 'stop after printing N records'}),
  time: Flags.option({
    options: timeForms,
    char: 't',
    ...printing,
    helpValue: 'FORM',
    description:
      'show times as time of day (a), date and time (ad), seconds since the first record (r), since the record ' +
      'before (d), since the one printed before (dd) or since 1970 (e) (default: r; in -T fields and JSON, the date ' +
      'and time in UTC)',
  })(),
  bytes: formatFlags(textFormatNames).bytes,
  ascii: {...drawingFlags.ascii, ...printing},
  color: {...drawingFlags.color, ...printing},
  'fail-on': Flags.option({
    options: worstFirst,
    ...printing,
    helpValue: 'SEVERITY',
    description: `exit with status 1 if any finding is at least this severe: ${worstFirst.join(', ')}`,
  })(),
}

/** Which implementation the ends are. */
const peersFlag = {
  peers: Flags.option({
    options: peersNames,
    helpValue: 'NAME',
    description:
      'which implementation the clients and relays are: c-toxcore, tox-rs, or auto, where their packets show it ' +
      '(default). Severities, colours, --fail-on and causes follow it',
  })(),
}

/** Keys that decrypt. */
export const keyFlags = {
  key: Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'FILE',
    description: 'a key file (relay key, .tox save, key log or secret keys in hex); repeatable',
  }),
  keylog: Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'FILE',
    description: 'a key log, which may be empty at first; repeatable. The variable TOXTCP_KEYLOG adds one more',
  }),
  'secret-key': Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'HEX',
    description: 'a secret key in hex; repeatable. Visible in `ps`: prefer --key',
  }),
  'relay-pk': Flags.string({
    ...repeatable,
    ...keys,
    helpValue: 'HEX',
    description:
      'the public key of a relay, which decrypts handshakes together with the secret key of a client; repeatable',
  }),
}

/** Flags of all commands that print packets. */
export const packetFlags = {...printFlags, ...peersFlag, ...keyFlags}

/** Those of `read`, which also writes the formats of files. */
export const readPacketFlags = {...packetFlags, ...formatFlags(formatNames)}

/** Options of the actions of these commands. */
export interface PacketOptions extends OutputOptions {
  readonly print: PrintFlags
  readonly keys: KeyOptions
}

export function packetOptions(
  flags: Interfaces.InferredFlags<typeof packetFlags>,
  env: KeyOptions['env'],
): PacketOptions {
  const {tree, json, hex, bytes, color, format, time, filter, count} = flags
  return {
    print: {
      tree,
      json,
      hex,
      bytes,
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
    peers: flags.peers,
  }
}

export function keyOptions(flags: Interfaces.InferredFlags<typeof keyFlags>, env: KeyOptions['env']): KeyOptions {
  return {
    key: flags.key ?? [],
    keylog: flags.keylog ?? [],
    secretKey: flags['secret-key'] ?? [],
    relayPk: flags['relay-pk'] ?? [],
    env,
  }
}

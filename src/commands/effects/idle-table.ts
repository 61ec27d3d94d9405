import {findName} from '../../filter/names/names.js'
import {formatAskedFor} from '../../terminal/options/print-options.js'
import {
  type FormatName,
  formatNamed,
  formatNames,
  formatsTaking,
  isFileFormat,
  textFormatNames,
} from '../../view/formats.js'
import type {Addition} from '../../view/forms/format.js'

/** The flags of a command line. */
export interface Given {
  /** Values by name, defaults among them. */
  readonly flags: Readonly<Record<string, unknown>>
  /** Words that are not flags, nor values of flags. */
  readonly words: readonly string[]
  /** Whether a flag was given. */
  has(name: string): boolean
}

/** Flags that do nothing in a certain situation. */
export interface IdleFlags {
  readonly flags: readonly string[]
  /** What completes the sentence `--flag ...` in that situation; undefined in any other. */
  readonly where: (given: Given) => string | undefined
  /** Words that would give them an effect. */
  readonly added?: (given: Given) => readonly string[]
}

/** Flags that a format may not take, what they add to it, and words that ask for a format that takes them. */
const additions: readonly (readonly [flag: string, addition: Addition, added?: readonly string[]])[] = [
  ['hex', 'hex'],
  ['bytes', 'bytes', ['--json']],
  ['field', 'fields', ['-T', 'fields']],
  ['field-option', 'fields', ['-T', 'csv']],
  ['columns', 'columns'],
  ['follow', 'dialogue'],
  ['time', 'time'],
  ['label', 'labels'],
  ['labels', 'labels'],
  ['color', 'color'],
  ['ascii', 'ascii'],
]

/** Flags that say how packets are printed. */
const printing = [
  ...['format', 'tree', 'json', 'conversation', 'hex', 'bytes', 'field', 'field-option', 'columns', 'time'],
  ...['color', 'ascii', 'label', 'labels', 'pager'],
]

const isFormatName = (value: unknown): value is FormatName => formatNames.some(name => name === value)

/** The format that is asked for. @throws InputError for two of them. */
export function askedFormat({flags}: Pick<Given, 'flags'>): FormatName | undefined {
  if (flags['conversation'] === true) return 'conversation'
  const {format, tree, json} = flags
  return formatAskedFor({
    format: isFormatName(format) ? format : undefined,
    tree: tree === true,
    json: json === true,
  })?.name
}

/**
 * Where the format does not take an addition.
 * @param usual the format if none is asked for.
 * @param names the formats that the command has.
 */
const untaken = (usual: FormatName, names: readonly FormatName[] = textFormatNames): IdleFlags[] =>
  additions.map(([flag, addition, added = []]) => ({
    flags: [flag],
    where: given => {
      const format = askedFormat(given) ?? usual
      return formatNamed(format).takes.includes(addition)
        ? undefined
        : `needs ${formatsTaking(addition, names)}, and the format is ${format}`
    },
    added: given => (askedFormat(given) === undefined ? added : []),
  }))

/** Columns that are numbers, times and names of types: no key, no severity. */
const plainColumns = ['number', 'time', 'connection', 'from', 'type', 'length', 'packets']

/** The columns or fields that are shown, where the command line names all of them; undefined: it does not. */
function namesShown(given: Given): readonly string[] | undefined {
  const {columns, field} = given.flags
  const format = askedFormat(given) ?? 'list'
  if (format === 'list') return typeof columns === 'string' ? columns.split(',') : undefined
  return (format === 'fields' || format === 'csv') && Array.isArray(field) ? field : undefined
}

/** Whether all that is shown is known, and none of it is a key or a finding. */
const showsPlainOnly = (given: Given): boolean => namesShown(given)?.every(name => plainColumns.includes(name)) === true

const timeKinds: readonly (string | undefined)[] = ['time', 'epoch', 'seconds']

/** Flags about times, names and severities where none is among the chosen columns or fields. */
const besideNames: readonly IdleFlags[] = [
  {
    flags: ['time'],
    where: given =>
      namesShown(given)?.every(name => name !== 'time' && !timeKinds.includes(findName(name)?.kind)) === true
        ? 'has no effect where no time is shown'
        : undefined,
  },
  {
    flags: ['label', 'labels'],
    where: given => (showsPlainOnly(given) ? 'has no effect where no key is shown' : undefined),
  },
  {
    flags: ['peers'],
    where: given =>
      !given.has('filter') && !given.has('fail-on') && !given.has('write') && showsPlainOnly(given)
        ? 'has no effect where no finding is shown'
        : undefined,
  },
]

/** Flags without an effect beside another one. @param typed the other as people type it. */
const beside = (other: string, typed: string, flags: readonly string[]): IdleFlags => ({
  flags,
  where: given => (given.has(other) ? `has no effect with ${typed}` : undefined),
})

/** Flags without an effect where another one is missing. @param added words that give the other. */
const without = (other: string, added: readonly string[], flags: readonly string[]): IdleFlags => ({
  flags,
  where: given => (given.has(other) ? undefined : `has no effect without ${added[0]}`),
  added: () => added,
})

/** Flags about text beside those that print JSON. */
const besideJson = (flags: readonly string[]): IdleFlags => beside('json', '--json', flags)

/** Whether the command line asks for a format of files, which -w writes in place of packets. */
const isForFiles = (given: Given): boolean => {
  const format = askedFormat(given)
  return format !== undefined && isFileFormat(format)
}

const read: readonly IdleFlags[] = [
  {
    flags: [...printing, 'fail-on', 'threads'],
    where: given => (given.has('write') && !isForFiles(given) ? 'has no effect with -w' : undefined),
  },
  {
    flags: ['embed-keys', 'pager'],
    where: given => (isForFiles(given) ? 'has no effect with -T parquet' : undefined),
  },
  {
    flags: ['split-size'],
    where: given => (isForFiles(given) ? undefined : 'has no effect without -T parquet'),
    added: () => ['-T', 'parquet'],
  },
  {
    flags: ['peers'],
    where: given =>
      given.has('write') && !given.has('filter') && !isForFiles(given)
        ? 'has no effect with -w, without -Y'
        : undefined,
  },
  beside('view', '--view', [
    ...['hex', 'bytes', 'field', 'field-option', 'pager', 'count', 'fail-on', 'connection'],
    ...['numbers', 'shard', 'threads'],
  ]),
  ...untaken('list', formatNames),
  beside('follow', '--follow', ['hex', 'columns']),
  ...besideNames,
]

const probe: readonly IdleFlags[] = [
  besideJson(['color', 'ascii']),
  beside('interval', '--interval', ['color', 'ascii']),
  beside('suite', '--suite', ['count', 'jobs', 'rate']),
  beside('client', '--client', ['suite', 'count', 'jobs', 'rate', 'socks', 'interval', 'metrics']),
  without('suite', ['--suite'], ['allow-remote']),
  {
    flags: ['jobs', 'rate'],
    where: ({words}) => (words.length === 2 || words.length === 3 ? 'has no effect with one relay' : undefined),
  },
]

const recording = without('write', ['-w', 'recording.pcapng'], ['embed-keys'])
const writing = without('out', ['--out', 'new.keys'], ['force'])

/** Parts of the statistics in which findings, their severities or causes are shown. */
const partsOfFindings: readonly unknown[] = ['connections', 'endings', 'findings']

/** What an implementation does shows in some parts only. */
const besideParts: IdleFlags = {
  flags: ['peers'],
  where: given => {
    const {only} = given.flags
    const isIdle = Array.isArray(only) && only.length > 0 && !only.some(part => partsOfFindings.includes(part))
    return isIdle && !given.has('filter') && !given.has('fail-on') && !given.has('json')
      ? 'has no effect where no finding is shown'
      : undefined
  },
}

/** By ids of commands. */
const table: Readonly<Record<string, readonly IdleFlags[]>> = {
  read,
  probe,
  decode: [...untaken('tree'), ...besideNames],
  stream: [...untaken('list'), ...besideNames],
  proxy: [...untaken('list'), ...besideNames, recording, without('jitter', ['--jitter', '10ms'], ['seed'])],
  relay: [
    beside('status', '--status', [...printing, 'filter', 'count']),
    {
      flags: ['peers'],
      where: given =>
        given.has('status') && !given.has('fail-on') ? 'has no effect with --status, without --fail-on' : undefined,
    },
    ...untaken('list'),
    ...besideNames,
    recording,
  ],
  stats: [besideJson(['color', 'ascii', 'label', 'labels', 'pager']), besideParts],
  why: [besideJson(['color', 'ascii', 'label', 'labels', 'pager'])],
  diff: [besideJson(['color', 'ascii', 'pager'])],
  explain: [besideJson(['color', 'ascii', 'pager']), beside('schema', '--schema', ['color', 'ascii', 'pager'])],
  'keys:make': [writing],
  'keys:convert': [writing],
  'keys:log': [beside('print-source', '--print-source', ['out', 'secrets'])],
}

/** The rows of the table that a command has. @param id the command's, where a colon follows a topic. */
export const idleFlagsOf = (id: string): readonly IdleFlags[] => table[id] ?? []

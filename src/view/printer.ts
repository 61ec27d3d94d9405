import type {SessionRecord} from '../session/record.js'
import {isOwnColumn, listColumns} from './forms/columns.js'
import {DialogueView} from './forms/dialogue.js'
import {recordToEk} from './forms/ek.js'
import type {FieldOptions} from './forms/field-options.js'
import {csvLines, fieldLines} from './forms/fields.js'
import {dumpOf, hexdump} from './forms/hexdump.js'
import {recordToJson} from './forms/json.js'
import {ListView} from './forms/list.js'
import {TreeView} from './forms/tree.js'
import {listPreviewBytes} from './limits.js'
import {type ColorLevel, theme} from './theme.js'
import {type TimeForm, Times} from './time.js'

/** Forms that records are printed in. */
export const formats = ['list', 'tree', 'json', 'fields', 'csv', 'ek'] as const
export type Format = (typeof formats)[number]

export interface PrintOptions {
  readonly format: Format
  /** List and tree: with the bytes. */
  readonly hex: boolean
  /** JSON and ek: with plaintext and wire bytes. */
  readonly bytes: boolean
  /** No characters beyond ASCII. */
  readonly isAscii: boolean
  readonly colorLevel: ColorLevel
  /** Columns of the terminal; Infinity: lists are not cut, and trees as wide as for 80. */
  readonly width: number
  readonly timeForm: TimeForm
  /** For the time forms a and ad; UTC if left out. */
  readonly timeZone?: string | undefined
  /** For fields and csv. */
  readonly fields: readonly string[]
  readonly fieldOptions: FieldOptions
  /** For list; default: see listColumns. */
  readonly columns?: readonly string[] | undefined
  /** List: one connection as a dialogue, the relay's side further in. */
  readonly isDialogue?: boolean | undefined
  /** There may be several connections: each record says which is its own. */
  readonly hasConnections: boolean
}

/** Bytes of each plaintext that a form looks at; undefined: all. */
export function plaintextRead({format, hex, isDialogue, columns = listColumns}: PrintOptions): number | undefined {
  return format === 'list' && !hex && !isDialogue && columns.every(isOwnColumn) ? listPreviewBytes : undefined
}

/** Writes records in one form. */
export interface Printer {
  /** Writes whole lines, at once. */
  print(record: SessionRecord): void
  /** A record that is not printed: its time may be what others are relative to. */
  skip(record: SessionRecord): void
  /** Writes what the form needs at its end. */
  end(): void
}

/** Columns of a tree or a dump where nothing says how wide the terminal is. */
const usualWidth = 80

/** A form: what comes before all records, and what each one becomes. With line ends. */
interface Form {
  readonly head: string
  text(record: SessionRecord, isFirst: boolean): string
}

/** @throws InputError for a field, column or time zone that does not exist. */
export function printer(options: PrintOptions, write: (text: string) => void): Printer {
  const times = new Times(options.timeForm, options.timeZone)
  const form = formOf(options, times)
  let isFirst = true
  const head = () => {
    if (isFirst && form.head !== '') write(form.head)
    isFirst = false
  }
  return {
    print(record) {
      const wasFirst = isFirst
      head()
      write(form.text(record, wasFirst))
    },
    skip: record => times.see(record.time),
    end: head,
  }
}

function formOf(options: PrintOptions, times: Times): Form {
  switch (options.format) {
    case 'json':
      return {head: '', text: record => `${recordToJson(record, options)}\n`}
    case 'ek':
      return {head: '', text: record => recordToEk(record, options)}
    case 'fields':
    case 'csv': {
      const {fields, fieldOptions, timeForm, format} = options
      const lines = format === 'csv' ? csvLines(fields, timeForm, fieldOptions) : fieldLines(fields, fieldOptions)
      return {head: lines.head === undefined ? '' : `${lines.head}\n`, text: record => `${lines.line(record, times)}\n`}
    }
    case 'list':
      return listForm(options, times)
    case 'tree':
      return treeForm(options, times)
  }
}

function listForm(options: PrintOptions, times: Times): Form {
  const colors = theme(options.colorLevel)
  if (options.isDialogue) {
    const dialogue = new DialogueView(
      Number.isFinite(options.width) ? options.width : usualWidth,
      options.timeForm,
      colors,
      options.isAscii,
    )
    return {head: '', text: record => `${dialogue.row(record, times)}\n`}
  }
  const list = new ListView({...options, theme: colors})
  const width = Number.isFinite(options.width) ? options.width : usualWidth
  return {
    head: `${list.head()}\n`,
    text(record) {
      const row = `${list.row(record, times)}\n`
      const dump = options.hex ? hexdump(dumpOf(record), {width, theme: colors, indent: '  ', indentWidth: 2}) : ''
      return dump === '' ? row : `${row}${dump}\n`
    },
  }
}

function treeForm(options: PrintOptions, times: Times): Form {
  const width = Number.isFinite(options.width) ? options.width : usualWidth
  const tree = new TreeView({...options, width, theme: theme(options.colorLevel)})
  return {
    head: '',
    text(record, isFirst) {
      const time = record.time ? times.text(record.time) : ''
      return `${isFirst ? '' : '\n'}${tree.draw(record, time)}`
    },
  }
}

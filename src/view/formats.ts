import {alternatives} from '../wire/text/phrases.js'
import {conversationFormat} from './forms/conversation.js'
import {ekFormat} from './forms/ek.js'
import {csvFormat, fieldsFormat} from './forms/fields.js'
import type {Addition, Format, TextFormat} from './forms/format.js'
import {jsonFormat} from './forms/json.js'
import {listFormat} from './forms/list.js'
import {parquetFormat} from './forms/parquet.js'
import {treeFormat} from './forms/tree.js'

/** The formats of text by the names that -T takes. To add one, write its file in forms/ and add a line here. */
const textFormats = {
  list: listFormat,
  tree: treeFormat,
  json: jsonFormat,
  fields: fieldsFormat,
  csv: csvFormat,
  ek: ekFormat,
  conversation: conversationFormat,
} as const satisfies Record<string, TextFormat>

/** The formats of whole binary files, which only `read` writes, and not to a terminal. */
const fileFormats = {parquet: parquetFormat} as const satisfies Record<string, Format>

const formats = {...textFormats, ...fileFormats}

export type TextFormatName = keyof typeof textFormats
type FileFormatName = keyof typeof fileFormats
export type FormatName = keyof typeof formats

const keysOf = <Name extends string>(table: Readonly<Record<Name, Format>>): Name[] => Object.keys(table) as Name[]

/** What every command takes that prints packets. */
export const textFormatNames = keysOf(textFormats)
/** What `read` takes. */
export const formatNames = keysOf(formats)

/** The entry of a format, with the properties that all formats have. */
export const formatNamed = (name: FormatName): Format => formats[name]

export const textFormatNamed = (name: TextFormatName): TextFormat => textFormats[name]

export const isFileFormat = (name: FormatName): name is FileFormatName => Object.hasOwn(fileFormats, name)

/** The formats that take an addition, as flags: `-T fields or -T csv`. @param names those that the command has. */
export const formatsTaking = (addition: Addition, names: readonly FormatName[]): string =>
  alternatives(names.filter(name => formatNamed(name).takes.includes(addition)).map(name => `-T ${name}`))

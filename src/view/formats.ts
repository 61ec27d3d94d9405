import {alternatives} from '../wire/text/phrases.js'
import {conversationFormat} from './forms/conversation.js'
import {ekFormat} from './forms/ek.js'
import {csvFormat, fieldsFormat} from './forms/fields.js'
import type {Addition, Format} from './forms/format.js'
import {jsonFormat} from './forms/json.js'
import {listFormat} from './forms/list.js'
import {treeFormat} from './forms/tree.js'

/** The output formats by the names that -T takes. To add one, write its file in forms/ and add a line here. */
export const formats = {
  list: listFormat,
  tree: treeFormat,
  json: jsonFormat,
  fields: fieldsFormat,
  csv: csvFormat,
  ek: ekFormat,
  conversation: conversationFormat,
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof formats

export const formatNames = Object.keys(formats) as FormatName[]

/** The entry of a format, with the properties that all formats have. */
export const formatNamed = (name: FormatName): Format => formats[name]

/** The formats that take an addition, as flags: `-T fields or -T csv`. */
export const formatsTaking = (addition: Addition): string =>
  alternatives(formatNames.filter(name => formatNamed(name).takes.includes(addition)).map(name => `-T ${name}`))

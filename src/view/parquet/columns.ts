import type {SchemaElement} from 'hyparquet-writer/src/index.js'
import {levelMembers, recordFields, recordSchema, type Schema} from '../explain/record-schema.js'
import * as limits from '../limits.js'

/** A column of a Parquet file, or a member of one. */
export interface Column {
  readonly name: string
  /** The column and all that it contains, as the file declares it: parents before children. */
  readonly elements: readonly SchemaElement[]
  /** The value that the writer takes, from the one that JSON has; undefined and null: none. */
  readonly value: (json: unknown) => unknown
}

/** Integers up to this bound are of 32 bits, all others of 64. */
const int32Maximum = 0x7fff_ffff

const leaf = (
  name: string,
  type: Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type'>,
  value: Column['value'],
): Column => ({name, elements: [{name, repetition_type: 'OPTIONAL', ...type}], value})

const asIs = (json: unknown): unknown => json

const int32 = (name: string): Column => leaf(name, {type: 'INT32'}, asIs)
const int64 = (name: string): Column =>
  leaf(name, {type: 'INT64'}, json => (typeof json === 'number' ? BigInt(json) : undefined))
const double = (name: string): Column => leaf(name, {type: 'DOUBLE'}, asIs)
const text = (name: string): Column =>
  leaf(name, {type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: {type: 'STRING'}}, asIs)
/** A column of JSON text, for what has no fixed shape. */
const jsonText = (name: string): Column =>
  leaf(name, {type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: {type: 'JSON'}}, asIs)

function list(name: string, of: Column): Column {
  const convert = of.value
  return {
    name,
    elements: [
      {name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: {type: 'LIST'}},
      {name: 'list', repetition_type: 'REPEATED', num_children: 1},
      ...of.elements,
    ],
    value: json => (Array.isArray(json) ? json.map(convert) : undefined),
  }
}

function struct(name: string, members: readonly Column[]): Column {
  return {
    name,
    elements: [
      {name, repetition_type: 'OPTIONAL', num_children: members.length},
      ...members.flatMap(({elements}) => elements),
    ],
    value(json) {
      if (!isMembers(json)) return undefined
      const converted: Record<string, unknown> = {}
      for (const member of members) {
        const value = json[member.name]
        if (value !== undefined && value !== null) converted[member.name] = member.value(value)
      }
      return converted
    },
  }
}

const isMembers = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

const isSchema = (value: unknown): value is Schema => isMembers(value)

/** The members of an object in a JSON Schema; undefined if it may have any. */
const membersOf = ({properties}: Schema): readonly (readonly [name: string, schema: Schema])[] | undefined =>
  isMembers(properties)
    ? Object.entries(properties).map(([name, schema]) => [name, isSchema(schema) ? schema : {}] as const)
    : undefined

/** The type of values of a JSON Schema, without null. */
function typeOf({type, enum: choices, const: only}: Schema): unknown {
  if (choices !== undefined || only !== undefined) return 'string'
  return Array.isArray(type) ? type.find(one => one !== 'null') : type
}

/** The column of a value that a JSON Schema describes. */
function columnOf(name: string, schema: Schema): Column {
  switch (typeOf(schema)) {
    case 'string':
      return text(name)
    case 'integer':
      return typeof schema['maximum'] === 'number' && schema['maximum'] <= int32Maximum ? int32(name) : int64(name)
    case 'number':
      return double(name)
    case 'array':
      return list(name, columnOf('element', isSchema(schema['items']) ? schema['items'] : {}))
    case 'object': {
      const members = membersOf(schema)
      return members
        ? struct(
            name,
            members.map(([member, of]) => columnOf(member, of)),
          )
        : jsonText(name)
    }
    default:
      return referredTo(name, schema)
  }
}

/** The column of a value that the schema describes elsewhere: in its definitions. */
function referredTo(name: string, {$ref: reference}: Schema): Column {
  const definitions = recordSchema['$defs']
  const definition =
    typeof reference === 'string' && isMembers(definitions) ? definitions[reference.split('/').at(-1)!] : undefined
  return isSchema(definition) ? columnOf(name, definition) : jsonText(name)
}

/** Members that only --bytes adds. */
const bytesMembers = ['plaintext', 'opened', 'wire']

/**
 * What a packet carries. Levels contain each other without an end, which Parquet cannot say: below the last one that
 * has columns is JSON. So are the fields of these levels, as the types of packets differ too much.
 * @param left levels that have columns of their own, this one included.
 */
function innerColumn(withBytes: boolean, left: number): Column {
  if (left === 0) return jsonText('inner')
  const members = chosenMembers(levelMembers, withBytes)
  return struct(
    'inner',
    members.map(([name, schema]) => (name === 'inner' ? innerColumn(withBytes, left - 1) : columnOf(name, schema))),
  )
}

const chosenMembers = (members: Readonly<Record<string, Schema>>, withBytes: boolean) =>
  Object.entries(members).filter(([name]) => withBytes || !bytesMembers.includes(name))

/** Microseconds since 1970, in UTC: what DuckDB, Spark and Trino all read. */
const timeColumn = leaf(
  'time',
  {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: {type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS'},
  },
  asIs,
)

/** Nanoseconds after `time`, where the capture has them: Spark reads no timestamp that holds them itself. */
const nanosColumn = int32('time_nanos')

/** Members of a record that a capture never has: a verdict is of `decode`. */
const leftOut = ['verdict']

/** The columns of a file, which depend on nothing that is in it. @param withBytes for --bytes. */
export function recordColumns(withBytes: boolean): readonly Column[] {
  const members = (membersOf(recordSchema) ?? []).filter(([name]) => !leftOut.includes(name))
  return chosenMembers(Object.fromEntries(members), withBytes).flatMap(([name, schema]) => {
    if (name === 'time') return [timeColumn, nanosColumn]
    if (name === 'fields') return [columnOf(name, recordFields)]
    return [name === 'inner' ? innerColumn(withBytes, limits.innerColumns) : columnOf(name, schema)]
  })
}

import type {SessionRecord} from '../../session/record.js'
import {jsonText} from '../escape.js'
import type {TextFormat} from './format.js'
import {JsonWriter} from './json.js'

/** A record as `--json` prints it, as far as its parts are named here. */
interface Json extends Readonly<Record<string, unknown>> {
  readonly time: string | null
  readonly type: string | null
  readonly fields: object
  readonly inner: Json | null
  readonly findings?: readonly Readonly<Record<string, unknown>>[]
}

/** A document: names are flat, their parts joined by `_`. */
type Flat = Record<string, unknown>

/** What is left out: null, and lists of nothing. */
const isNothing = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0)

function put(document: Flat, name: string, value: unknown): void {
  if (isNothing(value)) return
  if (typeof value !== 'object' || Array.isArray(value)) document[name] = value
  else for (const [key, below] of Object.entries(value!)) put(document, `${name}_${key}`, below)
}

/** A level's own facts under the prefix, its fields under its type's name. */
function putLevel(document: Flat, {fields, inner, findings: _, ...facts}: Json, prefix: string): void {
  for (const [name, value] of Object.entries(facts)) put(document, prefix + name, value)
  put(document, facts.type ?? String(facts['kind']), fields)
  if (inner) putLevel(document, inner, `${prefix}inner_`)
}

/** Lists side by side: the first code belongs to the first severity and the first message. */
function putFindings(document: Flat, findings: NonNullable<Json['findings']>): void {
  for (const name of ['code', 'severity', 'message']) {
    put(
      document,
      `finding_${name}`,
      findings.map(found => found[name]),
    )
  }
}

/**
 * A record for the bulk interface of Elasticsearch or OpenSearch: a line that says where it goes, and the document,
 * with line ends. Each day has its index, as tshark's. `timestamp` is in milliseconds since 1970; `time` in ISO form is
 * taken for a date without any mapping.
 */
function ekLines(record: SessionRecord, writer: JsonWriter): string {
  const json = JSON.parse(writer.line(record)) as Json
  const document: Flat = {}
  if (record.time) document['timestamp'] = Math.floor(record.time.micros / 1000)
  putLevel(document, json, '')
  putFindings(document, json.findings ?? [])
  const index = json.time === null ? 'toxtcp' : `toxtcp-${json.time.slice(0, 10)}`
  return `{"index":{"_index":"${index}"}}\n${jsonText(document)}\n`
}

export const ekFormat: TextFormat = {
  about: 'documents for the bulk interface of Elasticsearch and OpenSearch',
  takes: ['bytes'],
  isData: true,
  writer(options) {
    const json = new JsonWriter(options)
    return {head: '', text: record => ekLines(record, json)}
  },
}

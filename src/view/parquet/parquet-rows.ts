import {ByteWriter, ParquetWriter} from 'hyparquet-writer/src/index.js'
import type {SessionRecord} from '../../session/record.js'
import {isoTime} from '../../wire/time.js'
import {JsonWriter} from '../forms/json.js'
import * as limits from '../limits.js'
import {type Column, recordColumns} from './columns.js'

/** Called with the next bytes of the file, which are borrowed until it returns. */
export type TakeBytes = (bytes: Uint8Array) => void

/** Records as the rows of one Parquet file. */
export class ParquetRows {
  readonly #columns: readonly Column[]
  readonly #json: JsonWriter
  readonly #take: TakeBytes
  readonly #groupCharacters: number
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  /** Values of the rows that wait for the end of their group, by column. */
  #values: unknown[][]
  /** JSON characters of these rows, a measure of their size. */
  #waiting = 0

  /**
   * @param withBytes for --bytes.
   * @param groupCharacters JSON characters of the rows that are written together, and held until then.
   */
  constructor(withBytes: boolean, take: TakeBytes, groupCharacters: number = limits.rowGroupCharacters) {
    this.#columns = recordColumns(withBytes)
    this.#json = new JsonWriter({bytes: withBytes})
    this.#take = take
    this.#groupCharacters = groupCharacters
    this.#values = this.#columns.map(() => [])
    const root = {name: 'record', num_children: this.#columns.length}
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: [root, ...this.#columns.flatMap(({elements}) => elements)],
      createdBy: 'toxtcp',
    })
  }

  /** Bytes of the file until now, without the rows that wait. */
  get size(): number {
    return this.#bytes.offset
  }

  add(record: SessionRecord): void {
    const line = this.#json.line(record)
    const members = JSON.parse(line) as Record<string, unknown>
    const {time} = record
    const isShown = time !== null && isoTime(time) !== undefined
    members['time'] = isShown ? BigInt(time.micros) : null
    members['time_nanos'] = isShown ? time.nanos : null
    this.#columns.forEach(({name, value}, at) => {
      const json = members[name]
      this.#values[at]!.push(json === undefined || json === null ? null : value(json))
    })
    this.#waiting += line.length
    if (this.#waiting >= this.#groupCharacters) this.#writeGroup()
  }

  /** Writes the rows that wait, and the end of the file. */
  end(): void {
    this.#writeGroup()
    void this.#writer.finish()
    this.#drain()
  }

  #writeGroup(): void {
    const rows = this.#values[0]!.length
    if (rows === 0) return
    void this.#writer.write({
      columnData: this.#columns.map(({name}, at) => ({name, data: this.#values[at]!})),
      rowGroupSize: rows,
    })
    this.#values = this.#columns.map(() => [])
    this.#waiting = 0
    this.#drain()
  }

  #drain(): void {
    this.#take(this.#bytes.getBytes())
    this.#bytes.index = 0
  }
}

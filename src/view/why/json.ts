import {effectsOf, messageOf} from '../../expert/finding.js'
import type {SessionRecord} from '../../session/record.js'
import {parseJson} from '../../wire/text/json.js'
import {timeBetween} from '../../wire/time.js'
import {jsonText} from '../escape.js'
import {JsonWriter} from '../forms/json.js'
import {type ConnectionEnd, ConnectionEnds} from './connection-ends.js'
import {closingReceivers} from './end-page.js'

/** Writes how connections ended as one JSON object, piece by piece. Names are those of records. */
export class EndsJson {
  readonly #writer = new JsonWriter({bytes: false})
  readonly #collected = new ConnectionEnds(record => this.#writer.line(record))
  #isFirst = true

  /** Connections whose last records were dropped. */
  get dropped(): number {
    return this.#collected.dropped
  }

  /** @returns the text of a connection that ends with this record; empty otherwise. */
  take(record: SessionRecord): string {
    const ended = this.#collected.take(record)
    return ended ? `${this.#next()}${jsonText(this.#endJson(ended))}` : ''
  }

  /** @returns the rest of the object: the connections that did not end. */
  end(): string {
    const start = this.#isFirst ? this.#next() : ''
    return `${start}],"open":[${[...this.#collected.unended].join(',')}]}\n`
  }

  /** What precedes the next end. */
  #next(): string {
    const text = this.#isFirst ? '{"ends":[' : ','
    this.#isFirst = false
    return text
  }

  #endJson({end, began, frames, sealed, before}: ConnectionEnd): object {
    const {client, relay, ...shown} = parseJson(this.#writer.line(end)) as Readonly<Record<string, unknown>>
    const {connection, number, time, packets, fields} = shown
    const {how} = fields as {readonly how: string}
    const lasted = began && end.time ? timeBetween(began, end.time) : null
    return {
      ...{connection, client, relay, number, time, packets, from: end.from, how},
      seconds: lasted && lasted.micros / 1_000_000,
      frames: {count: frames, sealed},
      causes: end.causes.map(({finding, number: culprit, packets: of, count, secondsBefore}) => ({
        ...{code: finding.code, message: messageOf(finding), number: culprit, packets: of, count},
        seconds_before: secondsBefore,
        effect: Object.fromEntries(
          closingReceivers(end).map(receiver => [receiver, effectsOf(finding)[receiver] ?? 'accepts']),
        ),
      })),
      before: before.map(line => parseJson(line)),
    }
  }
}

import {levels} from '../filter/levels.js'
import type {TypeName} from '../protocol/table.js'
import type {SessionRecord} from '../session/record.js'
import {isEqualBytes} from '../wire/bytes.js'
import {fieldOf} from '../wire/window.js'
import type {RecordSource} from './records/record-source.js'
import type {Search} from './state.js'

/** Records that are looked at between two looks at the clock. */
const step = 64

/** A request and its answer. */
interface Pair {
  readonly request: TypeName
  readonly answer: TypeName
  /** Field that both have the same value of; where one of them is sealed, their order decides. */
  readonly same?: string
}

const pairs: readonly Pair[] = [
  {request: 'ping_request', answer: 'pong_response', same: 'ping_id'},
  {request: 'route_request', answer: 'route_response', same: 'pk'},
  {request: 'client_handshake', answer: 'relay_handshake'},
  {request: 'onion_request', answer: 'onion_response', same: 'sendback'},
  {request: 'cookie_request', answer: 'cookie_response', same: 'echo_id'},
  {request: 'crypto_handshake', answer: 'crypto_handshake'},
  {request: 'forward_request', answer: 'forwarding'},
]

/** What is looked for, and which way. */
interface Wanted {
  readonly by: 1 | -1
  /** What is known without decoding. */
  isPossible(source: RecordSource, at: number): boolean
  isIt(record: SessionRecord): boolean
}

function valueAt(record: SessionRecord, field: string): string | undefined {
  for (const window of levels(record)) {
    const value = fieldOf(window, field)
    if (value !== undefined) return value instanceof Uint8Array ? value.join() : String(value)
  }
  return undefined
}

const has = (record: SessionRecord, type: TypeName): boolean => levels(record).some(window => window.type.name === type)

/** The peer that a packet goes to or comes from, as far as it is known. */
const peerOf = (record: SessionRecord): string | undefined =>
  record.inferred?.peer ?? valueAt(record, record.from === 'client' ? 'destination_pk' : 'sender_pk')

function otherEnd(record: SessionRecord, wanted: TypeName, same: string | undefined, by: 1 | -1): Wanted {
  const value = same === undefined ? undefined : valueAt(record, same)
  const peer = peerOf(record)
  return {
    by,
    isPossible: (source, at) =>
      source.connection(at) === record.connection && source.from(at) !== record.from && source.type(at) !== undefined,
    isIt(other) {
      if (!has(other, wanted)) return false
      const otherValue = same === undefined ? undefined : valueAt(other, same)
      if (value !== undefined && otherValue !== undefined) return value === otherValue
      const otherPeer = peerOf(other)
      return peer === undefined || otherPeer === undefined || comparable(peer) === comparable(otherPeer)
    },
  }
}

/** Keys are hex where they are worked out, and numbers where they are read. */
const comparable = (key: string): string =>
  key.includes(',')
    ? key
        .split(',')
        .map(byte => Number(byte).toString(16).padStart(2, '0'))
        .join('')
    : key

/** What would be the answer to a record, or the request that it answers; undefined: it is neither. */
function answerTo(record: SessionRecord): Wanted | undefined {
  for (const {request, answer, same} of pairs) {
    if (has(record, request)) return otherEnd(record, answer, same, 1)
    if (has(record, answer)) return otherEnd(record, request, same, -1)
  }
  return undefined
}

/** What a packet becomes on the other side of the relay. */
const relayed: Partial<Readonly<Record<TypeName, TypeName>>> = {
  data: 'data',
  oob_send: 'oob_receive',
  oob_receive: 'oob_send',
  forward_request: 'forwarding',
  forwarding: 'forward_request',
}

function otherHalf(record: SessionRecord): Wanted | undefined {
  const {window, connection, from} = record
  // The table's names are the type names.
  const wanted = window ? relayed[window.type.name as TypeName] : undefined
  const data = window && fieldOf(window, 'data')
  if (!(data instanceof Uint8Array)) return undefined
  return {
    by: from === 'client' ? 1 : -1,
    isPossible: (source, at) =>
      source.type(at) === wanted && source.from(at) !== from && source.connection(at) !== connection,
    isIt(other) {
      const found = other.window && fieldOf(other.window, 'data')
      return found instanceof Uint8Array && isEqualBytes(found, data)
    },
  }
}

function search(source: RecordSource, from: number, {by, isPossible, isIt}: Wanted): Search {
  let at = from + by
  return isOver => {
    while (at >= source.first && at < source.count) {
      for (let done = 0; done < step && at >= source.first && at < source.count; done++, at += by)
        if (isPossible(source, at) && isIt(source.record(at))) return at
      if (isOver()) return undefined
    }
    return -1
  }
}

/** Search for the answer to a request, or for the request of an answer. @returns undefined: the record is neither. */
export function answerSearch(source: RecordSource, place: number, record: SessionRecord): Search | undefined {
  const wanted = answerTo(record)
  return wanted && search(source, place, wanted)
}

/** Search for a packet on the other side of the relay. @returns undefined: the relay passes on no such packet. */
export function relayedSearch(source: RecordSource, place: number, record: SessionRecord): Search | undefined {
  const wanted = otherHalf(record)
  return wanted && search(source, place, wanted)
}

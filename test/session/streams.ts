import type {Keyring} from '../../src/crypto/keyring/keyring.js'
import type {StreamStart} from '../../src/session/connection/deframer.js'
import {fromHandshakes} from '../../src/session/connection-setup.js'
import type {SessionRecord} from '../../src/session/record.js'
import type {Chunk} from '../../src/wire/chunk.js'
import {fixture, fixtureText, jsonLines, plaintextOf, recordsOf, ringOf, ringOfLog, secretKey} from './recorded.js'

export const captures = {small: 2, two_clients: 3, synthetic_clients: 33} as const
export type CaptureName = keyof typeof captures
export const captureNames = Object.keys(captures) as CaptureName[]

/** One frame as it was on the wire. */
export interface TrueFrame {
  readonly session: number
  readonly direction: 'c2s' | 's2c'
  /** Nonce offset. */
  readonly seq: number
  readonly stream_offset: number
  /** Bytes on the wire. */
  readonly frame_len: number
  readonly plaintext: string
}

export interface CaptureKeys {
  readonly relays: Readonly<Record<string, {readonly pk: string; readonly sk: string}>>
  readonly sessions: readonly {
    readonly session: number
    readonly client_session_sk?: string
    readonly server_session_sk?: string
    readonly session_shared_key?: string
    readonly client_handshake_nonce?: string
    readonly server_handshake_nonce?: string
    readonly c2s_base_nonce?: string
    readonly s2c_base_nonce?: string
  }[]
}

export const truthOf = (name: CaptureName): TrueFrame[] => jsonLines<TrueFrame>(`captures/${name}/truth.jsonl.gz`)
export const keysOf = (name: CaptureName): CaptureKeys =>
  JSON.parse(fixtureText(`captures/${name}/keys.json`)) as CaptureKeys
export const logOf = (name: CaptureName): string => fixtureText(`captures/${name}/sessions.keylog`)

/** Both raw halves of a connection, [client, relay]. */
export const halvesOf = (name: CaptureName, session: number): [Uint8Array, Uint8Array] => [
  fixture(`streams/${name}/${session}.client.bin`),
  fixture(`streams/${name}/${session}.relay.bin`),
]

/** The relay's long-term key and the sessions' secret keys, nothing else. */
export function ringOfSecrets(name: CaptureName) {
  const {relays, sessions} = keysOf(name)
  const hex = [
    ...Object.values(relays).map(({sk}) => sk),
    ...sessions.flatMap(each => [each.client_session_sk, each.server_session_sk]),
  ]
  return ringOf(hex.filter(each => each !== undefined).map(secretKey))
}

export const ringOfSessions = (name: CaptureName) => ringOfLog(logOf(name))

export const isOpenFrame = ({kind, state}: SessionRecord): boolean => kind === 'frame' && state === 'open'

/** How many of the true frames were opened to exactly their plaintext, at their place. */
export function opened(records: readonly SessionRecord[], truth: readonly TrueFrame[]): number {
  const found = new Map(
    records.filter(isOpenFrame).map(record => [`${record.from} ${record.index}`, plaintextOf(record)]),
  )
  return truth.filter(
    ({direction, seq, plaintext}) => found.get(`${direction === 'c2s' ? 'client' : 'relay'} ${seq}`) === plaintext,
  ).length
}

/** Opened frames that are none of the truth. */
export function invented(records: readonly SessionRecord[], truth: readonly TrueFrame[]): SessionRecord[] {
  const known = new Set(
    truth.map(({direction, seq, plaintext}) => `${direction === 'c2s' ? 'client' : 'relay'} ${seq} ${plaintext}`),
  )
  return records.filter(
    record => isOpenFrame(record) && !known.has(`${record.from} ${record.index} ${plaintextOf(record)}`),
  )
}

export const bytesChunk = (end: 0 | 1, bytes: Uint8Array): Chunk => ({connection: 0, end, time: null, bytes})

/** All records of chunks whose order between the sides is nobody's. */
export const read = (
  keyring: Keyring,
  chunks: readonly Chunk[],
  begin: readonly [StreamStart, StreamStart] = fromHandshakes,
): SessionRecord[] =>
  recordsOf(
    keyring,
    {clientEnd: 0, ends: {client: null, relay: null}, begin, hasSegments: false, hasOrder: false},
    chunks,
  )

/** Handshakes first, then one side's frames, then the other's: each side as it is, no order between them. */
export const bothSides = ([client, relay]: readonly [Uint8Array, Uint8Array]): Chunk[] => [
  bytesChunk(0, client.subarray(0, 128)),
  bytesChunk(1, relay.subarray(0, 96)),
  bytesChunk(0, client.subarray(128)),
  bytesChunk(1, relay.subarray(96)),
]

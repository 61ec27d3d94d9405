import {endpointsFromTcpflowName, type FollowDump, followForm, parseFollow} from '../capture/follow/follow.js'
import {isCapture, isGzip} from '../capture/reader.js'
import type {Keyring} from '../crypto/keyring.js'
import {type KeyOptions, loadKeys} from '../files/load-keys.js'
import {limits} from '../protocol/limits.js'
import type {StreamStart} from '../session/connection/deframer.js'
import type {ConnectionSetup} from '../session/connection-setup.js'
import {interleave} from '../session/recognition/interleave.js'
import {clientOf, detectStreamStart} from '../session/recognition/stream-shape.js'
import type {SessionRecord} from '../session/record.js'
import {Session} from '../session/session.js'
import type {Io} from '../terminal/io.js'
import {type OutputOptions, outputTo} from '../terminal/output.js'
import {type PrintFlags, printOptions} from '../terminal/print-options.js'
import {readInput} from '../terminal/read-input.js'
import {shellWord} from '../terminal/shell-word.js'
import type {Chunk, End, Endpoint} from '../wire/chunk.js'
import {parseHex} from '../wire/hex/hex.js'
import {InputError} from '../wire/input-error.js'
import {hexText} from '../wire/limits.js'

export interface StreamOptions extends OutputOptions {
  /** One dump of both sides, or two raw files. `-`: standard input. */
  readonly files: readonly string[]
  readonly client?: string | undefined
  readonly relay?: string | undefined
  /** The ends were guessed wrong. */
  readonly swap: boolean
  readonly print: PrintFlags
  readonly keys: KeyOptions
}

/** Bytes in an order, and what is known of where they came from. */
export interface Stream {
  readonly setup: ConnectionSetup
  readonly chunks: readonly Chunk[]
}

/** `toxtcp stream`. @returns the exit status. @throws InputError */
export async function stream(options: StreamOptions, io: Io): Promise<number> {
  const {keyring, notes} = await loadKeys(options.keys)
  const {setup, chunks} = await readStream(options, keyring, io)
  for (const note of notes) io.note(note)
  const output = await outputTo(io, printOptions(options.print, io, 'list'), options)
  let wantsMore = true
  const session = new Session(keyring, (record: SessionRecord) => {
    wantsMore &&= output.take(record)
  })
  session.open(0, setup, chunks[0]?.time ?? null)
  for (const chunk of chunks) {
    if (!wantsMore) break
    session.feed(chunk)
  }
  if (wantsMore) session.end()
  return output.end()
}

async function readStream(options: StreamOptions, keyring: Keyring, io: Io): Promise<Stream> {
  const {files, client, relay, swap} = options
  const named = client !== undefined || relay !== undefined
  if (named && files.length > 0)
    throw new InputError(
      `${files.length === 1 ? 'a file is' : `${files.length} files are`} given besides --client and --relay`,
      'give both halves by --client and --relay',
    )
  if (named) return rawHalves([client, relay], [await raw(client, io), await raw(relay, io)], keyring, swap, false)
  if (files.length === 0 || files.length > 2) {
    throw new InputError(
      files.length === 0 ? 'no stream is given' : `${files.length} files are given`,
      'toxtcp stream --client FILE --relay FILE\ntoxtcp stream DUMP (as tshark -z follow,tcp,yaml,N or Wireshark\'s "Follow Stream" saves it)',
    )
  }
  const contents = await Promise.all(files.map(file => readInput(file, hexText, io)))
  if (contents.length === 2) return rawHalves(files, [halfOf(contents[0]!), halfOf(contents[1]!)], keyring, swap, true)
  return oneFile(files[0]!, contents[0]!, keyring, swap)
}

function oneFile(file: string, bytes: Uint8Array, keyring: Keyring, swap: boolean): Stream {
  if (isCapture(bytes) || isGzip(bytes))
    throw new InputError(`${file} is a capture file`, `toxtcp read ${shellWord(file)}`)
  const text = textOf(bytes)
  if (text !== undefined && followForm(text)) return fromDump(parseFollow(text), swap)
  return rawHalves([file, undefined], [halfOf(bytes), new Uint8Array(0)], keyring, swap, true)
}

/** Text, if the bytes are plainly that: printable ASCII and line ends, as hex and dumps are. */
function textOf(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 4096)
  return head.every(
    byte =>
      (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13) || byte === 0xef || byte === 0xbb || byte === 0xbf,
  )
    ? new TextDecoder().decode(bytes)
    : undefined
}

/** One side's bytes: raw, or as hex. */
function halfOf(bytes: Uint8Array): Uint8Array {
  const text = bytes.length > 0 ? textOf(bytes) : undefined
  return text === undefined ? bytes : parseHex(text).bytes
}

const raw = async (file: string | undefined, io: Io): Promise<Uint8Array> =>
  file === undefined ? new Uint8Array(0) : halfOf(await readInput(file, hexText, io))

type Two<T> = readonly [T, T]
const turned = <T>([a, b]: Two<T>, turn: boolean): Two<T> => (turn ? [b, a] : [a, b])

/** Two raw halves: nothing says which byte of the one came before which of the other. */
export function rawHalves(
  names: readonly (string | undefined)[],
  halves: Two<Uint8Array>,
  keyring: Keyring,
  swap: boolean,
  mustGuess: boolean,
): Stream {
  const [client, relay] = turned(halves, (mustGuess && clientOf(...halves) === 1) !== swap)
  const begin: readonly [StreamStart, StreamStart] = [
    detectStreamStart(client, limits.clientHandshake),
    detectStreamStart(relay, limits.relayHandshake),
  ]
  const sides = [client, relay] as const
  const isOneSided = client.length === 0 || relay.length === 0
  const chunks = interleave(sides, begin, keyring).map(
    ({side, start, end}): Chunk => ({connection: 0, end: side, time: null, bytes: sides[side].subarray(start, end)}),
  )
  return {
    setup: {clientEnd: 0, ends: endsOf(names, halves[0] === client), begin, hasSegments: false, hasOrder: isOneSided},
    chunks,
  }
}

/** tcpflow names a file after the two ends of its flow. */
function endsOf(
  names: readonly (string | undefined)[],
  isClientFirst: boolean,
): {client: Endpoint | null; relay: Endpoint | null} {
  const [first, second] = names
  const flow =
    (first !== undefined && endpointsFromTcpflowName(first)) ||
    (second !== undefined && endpointsFromTcpflowName(second)?.reverse()) ||
    undefined
  const [client, relay] = turned<Endpoint | null>([flow?.[0] ?? null, flow?.[1] ?? null], !isClientFirst)
  return {client, relay}
}

/** A dump of both sides keeps their order. */
export function fromDump({peers, segments}: FollowDump, swap: boolean): Stream {
  const filled = segments.filter(({bytes}) => bytes.length > 0)
  const sides = [0, 1].map(end => Buffer.concat(filled.filter(segment => segment.end === end).map(({bytes}) => bytes)))
  const first = filled[0]?.end ?? 0
  // Who spoke first is the client where nothing else tells.
  const guess = (clientOf(sides[first]!, sides[1 - first]!) === 0 ? first : 1 - first) as End
  const clientEnd = (swap ? 1 - guess : guess) as End
  const firstSegment = (end: number) => filled.find(segment => segment.end === end)?.bytes.length
  const relayEnd = 1 - clientEnd
  const begin: readonly [StreamStart, StreamStart] = [
    detectStreamStart(sides[clientEnd]!, limits.clientHandshake, firstSegment(clientEnd)),
    detectStreamStart(sides[relayEnd]!, limits.relayHandshake, firstSegment(relayEnd)),
  ]
  const chunks = filled.map(
    ({end, time, bytes, packet}): Chunk => ({
      connection: 0,
      end,
      time,
      bytes,
      ...(packet !== undefined && {origin: {packet, offset: 0}}),
    }),
  )
  return {setup: {clientEnd, ends: {client: peers[clientEnd], relay: peers[relayEnd as End]}, begin}, chunks}
}

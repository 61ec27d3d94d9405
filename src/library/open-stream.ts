import type {PeersName} from '../expert/peers.js'
import {readBounded} from '../files/bounded-file.js'
import {loadKeys} from '../files/keys/load-keys.js'
import {compileFilter} from '../filter/compile.js'
import {detached} from '../session/record.js'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {streamFileBytes} from '../wire/limits.js'
import type {OptionNames} from '../wire/text/option-names.js'
import {checkOptions} from './check-options.js'
import {type KeyInputs, keyInputNames, keyOptionsOf} from './key-inputs.js'
import {halfOf, rawHalves, type Stream, streamOf, streamRecords} from './stream-source.js'
import {ToxRecord} from './tox-record.js'

/** A file by its path, or what is in it. */
export type FileInput = string | Uint8Array

/**
 * One connection that was extracted from a capture: a dump of both sides as tshark, Wireshark or tcpflow save it, or
 * the raw bytes (or their hex) of each side.
 */
export type StreamInput = FileInput | {readonly client?: FileInput | undefined; readonly relay?: FileInput | undefined}

export interface StreamOptions extends KeyInputs {
  /** Only records that match this display filter. */
  readonly filter?: string | undefined
  /** Which implementation both ends are: severities and causes follow it. Default: auto. */
  readonly peers?: PeersName | undefined
  /** The two ends were taken for one another. */
  readonly swap?: boolean | undefined
}

const optionNames: OptionNames<StreamOptions> = {...keyInputNames, filter: true, peers: true, swap: true}
const sideNames: OptionNames<Exclude<StreamInput, FileInput>> = {client: true, relay: true}

/**
 * Read one connection that another tool extracted from a capture.
 *
 * The order between two raw halves is not known: it is inferred, and no finding depends on it.
 *
 * The loop throws an `InputError` before the first record: for a file that cannot be read, a dump with a mistake, a
 * bad key.
 *
 * @example
 * ```ts
 * import {openStream} from 'toxtcp'
 *
 * for await (const record of openStream('follow.yaml', {keylog: 'keys.log'})) console.log(record.from, record.type)
 * ```
 */
export async function* openStream(
  input: StreamInput,
  options: StreamOptions = {},
): AsyncGenerator<ToxRecord, void, undefined> {
  checkOptions(options, optionNames)
  const {filter, peers, swap = false} = options
  const matches = filter === undefined ? undefined : compileFilter(filter)
  const {keyring} = await loadKeys(keyOptionsOf(options))
  const stream = await sourceOf(input)
  for (const record of streamRecords(stream, keyring, peers))
    if (!matches || matches(record)) yield new ToxRecord(detached(record))

  async function sourceOf(given: StreamInput): Promise<Stream> {
    if (typeof given === 'string' || given instanceof Uint8Array)
      return streamOf(nameOf(given) ?? 'the stream', await contents(given), keyring, swap)
    checkOptions(given, sideNames)
    const {client, relay} = given
    if (client === undefined && relay === undefined)
      throw new InputError(
        'no side of a stream is given',
        'as in {client: "client.bin", relay: "relay.bin"}',
        'bad-option',
      )
    const halves = [halfOf(await contents(client)), halfOf(await contents(relay))] as const
    return rawHalves([nameOf(client), nameOf(relay)], halves, keyring, swap, false)
  }
}

const nameOf = (input: FileInput | undefined): string | undefined => (typeof input === 'string' ? input : undefined)

async function contents(input: FileInput = noBytes): Promise<Uint8Array> {
  return typeof input === 'string' ? readBounded(input, streamFileBytes) : input
}

import type {PeersName} from '../../expert/peers.js'
import {compileFilter} from '../../filter/compile.js'
import type {CaptureSource} from '../../reading/capture-source.js'
import {InputError} from '../../wire/input-error.js'
import type {OptionNames} from '../../wire/text/option-names.js'
import {checkOptions} from '../check-options.js'
import {type KeyInputs, keyInputNames, keyOptionsOf} from '../key-inputs.js'
import {listOf, type OneOrMore} from '../one-or-more.js'
import {type CaptureInput, sourceOf} from './capture-input.js'
import {CaptureReading} from './capture-reading.js'
import {type Capture, CaptureRecords, type OpenedCapture} from './capture-records.js'

export interface CaptureOptions extends KeyInputs {
  /** Only records that match this display filter, as `toxtcp explain filter` describes it. */
  readonly filter?: string | undefined
  /** Connections from or to these ports are Tox whatever they look like. */
  readonly ports?: readonly number[] | undefined
  /** Which implementation all ends are: severities and causes follow it. Default: auto. */
  readonly peers?: PeersName | undefined
  /** Threads that open frames; default: as many as are worth it, which is none for a small file; 0: none. */
  readonly threads?: number | undefined
}

const captureOptionNames: OptionNames<CaptureOptions> = {
  ...keyInputNames,
  filter: true,
  ports: true,
  peers: true,
  threads: true,
}

/**
 * Read a capture file: every record of every Tox connection in it, in order of time.
 *
 * The loop throws an `InputError`: before the first record for a file that cannot be read, a bad filter or a bad key,
 * after the last one for a capture that is damaged or cut off.
 *
 * @param input one capture, or several that are read as one.
 *
 * @example
 * ```ts
 * import {openCapture, toHex} from 'toxtcp'
 *
 * for await (const record of openCapture('capture.pcap', {keylog: 'keys.log'})) {
 *   const request = record.packet('route_request')
 *   if (request) console.log(record.time?.toISOString(), record.connection, toHex(request.pk))
 * }
 * ```
 */
export function openCapture(input: OneOrMore<CaptureInput>, options: CaptureOptions = {}): Capture {
  return new CaptureRecords(() => openReading(listOf(input), options))
}

/** Open what a caller gave. @throws InputError */
export async function openReading(
  inputs: readonly CaptureInput[],
  options: CaptureOptions,
): Promise<OpenedCapture<CaptureReading>> {
  checkOptions(options, captureOptionNames)
  const {filter, ports, peers, threads} = options
  const matches = filter === undefined ? undefined : compileFilter(filter)
  if (inputs.length === 0) throw new InputError('no capture is given', undefined, 'bad-option')
  const sources: CaptureSource[] = []
  try {
    for (const input of inputs) sources.push(sourceOf(input))
  } catch (error) {
    for (const source of sources) source.close()
    throw error
  }
  return {reading: await CaptureReading.open({sources, keys: keyOptionsOf(options), ports, peers, threads}), matches}
}

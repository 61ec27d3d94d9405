import {KeyLogReader} from '../../crypto/keylog.js'
import {Keyring} from '../../crypto/keyring/keyring.js'
import {loadSodium} from '../../crypto/sodium.js'
import {type PeersName, peersNamed} from '../../expert/peers.js'
import {compileFilter} from '../../filter/compile.js'
import {runCapture} from '../../reading/capture-run.js'
import {inMemory} from '../../reading/capture-source.js'
import {addEmbeddedKeys} from '../../reading/embedded-keys.js'
import type {OptionNames} from '../../wire/text/option-names.js'
import {checkOptions} from '../check-options.js'
import {type Capture, CaptureRecords} from './capture-records.js'

export interface ReadCaptureOptions {
  /** The text of a key log. */
  readonly keylog?: string | undefined
  /** Only records that match this display filter, as `toxtcp explain filter` describes it. */
  readonly filter?: string | undefined
  /** Connections from or to these ports are Tox whatever they look like. */
  readonly ports?: readonly number[] | undefined
  /** Which implementation all ends are: severities and causes follow it. Default: auto. */
  readonly peers?: PeersName | undefined
}

const optionNames: OptionNames<ReadCaptureOptions> = {keylog: true, filter: true, ports: true, peers: true}

/**
 * What `openCapture` does, for a capture in memory that is not packed, and without anything of Node.js: it runs in a
 * browser.
 *
 * The loop throws an `InputError` as that of `openCapture` does.
 *
 * @example
 * ```ts
 * import {readCapture} from 'toxtcp/session'
 *
 * async function list(capture: File, keylog: File): Promise<void> {
 *   const bytes = new Uint8Array(await capture.arrayBuffer())
 *   for await (const record of readCapture(bytes, {keylog: await keylog.text()})) console.log(record.from, record.type)
 * }
 * ```
 */
export function readCapture(bytes: Uint8Array, options: ReadCaptureOptions = {}): Capture {
  return new CaptureRecords(async () => {
    checkOptions(options, optionNames)
    const {keylog, filter, ports = [], peers} = options
    const matches = filter === undefined ? undefined : compileFilter(filter)
    const {keyring, notes} = await keysOf(keylog)
    const sources = [inMemory(bytes)]
    await addEmbeddedKeys(sources, keyring)
    return {
      reading: {notes, run: steps => runCapture({...steps, sources, keyring, ports, peers: peersNamed(peers)})},
      matches,
    }
  })
}

async function keysOf(keylog: string | undefined): Promise<{keyring: Keyring; notes: readonly string[]}> {
  const keyring = new Keyring()
  if (keylog === undefined) return {keyring, notes: []}
  const reader = new KeyLogReader('the key log')
  const items = [...reader.push(keylog), ...reader.end()]
  const [error] = reader.errors
  if (error) throw error
  if (items.length > 0) keyring.box = await loadSodium()
  for (const item of items) keyring.add(item, 'the key log')
  return {
    keyring,
    notes: reader.unknown > 0 ? [`the key log has ${reader.unknown} lines with a label that is not known`] : [],
  }
}

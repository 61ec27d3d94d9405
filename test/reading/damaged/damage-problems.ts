import {readFileSync, rmSync} from 'node:fs'
import {CaptureReader} from '../../../src/capture/reader.js'
import {captures, type JsonRecord, type Run, runRead} from '../capture-files.js'
import {damaged} from './damage.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'

const goodbyes = new URL('../../../fixtures/goodbyes/', import.meta.url).pathname

/** A recording that is damaged, and key logs for it: files, or their bytes. */
interface Recording {
  readonly file: string
  readonly keylogs: readonly (string | Uint8Array)[]
}

/** The keys that a recording holds itself: the damaged one does not. */
function recordingWithKeys(file: string): Recording {
  const keylogs: Uint8Array[] = []
  for (const item of new CaptureReader().read(readFileSync(file)))
    if (item.kind === 'secrets') keylogs.push(item.data.slice())
  return {file, keylogs}
}

/** All recordings of the fixtures, by name. */
const recordings: ReadonlyMap<string, Recording> = new Map([
  ...captures.map(({name, file, keylogs}) => [name, {file, keylogs}] as const),
  ...['goodbye-1', 'goodbye-2', 'goodbye-race'].map(
    name => [name, recordingWithKeys(`${goodbyes}${name}.pcapng`)] as const,
  ),
  ['relaystop', {file: `${goodbyes}relaystop.pcap`, keylogs: [`${goodbyes}relaystop.keylog`]}],
])

/** Names of all recordings of the fixtures. */
export const recordingNames: readonly string[] = [...recordings.keys()]

/** What each recording gets of every 2,000 variants: the longer it is, the longer a variant takes. */
export const variantShares: readonly (readonly [name: string, share: number])[] = [
  ['relay_only', 500],
  ['port_reuse', 400],
  ['relaystop', 400],
  ['goodbye-1', 160],
  ['goodbye-2', 160],
  ['small', 100],
  ['small_v6', 100],
  ['synthetic_clients', 80],
  ['goodbye-race', 60],
  ['bootstrapd_relay', 20],
  ['two_clients', 20],
]

function readAs(path: string, {keylogs}: Recording): Promise<Run> {
  const keys = {key: [], keylog: [...keylogs], secretKey: [], relayPk: [], env: {}}
  return runRead([path], [], {keys})
}

/** Codes of findings that accuse somebody. */
const accusations = (records: readonly JsonRecord[]): string[] =>
  records.flatMap(({findings}) =>
    findings
      .filter(({severity}) => severity === 'error' || severity === 'warn')
      .filter(found => !isOfLostClose(found, records))
      .map(({code}) => code),
  )

/**
 * Whether a client's key is said to be in use by a connection whose close was lost, or waits for bytes before it that
 * were: nothing that was read by then shows that it is over.
 */
function isOfLostClose({code, message}: JsonRecord['findings'][number], records: readonly JsonRecord[]): boolean {
  if (code !== 'client-key-again' && code !== 'client-key-confirmed-again') return false
  const connection = Number(/^connection (\d+)/.exec(message)?.[1])
  const own = records.filter(each => each.connection === connection)
  return own.some(({kind}) => kind === 'gap') || !own.some(({kind, from}) => kind === 'end' && from !== null)
}

const openedIn = (records: readonly JsonRecord[]): string[] =>
  records
    .filter(({kind, state}) => kind === 'frame' && state === 'open')
    .map(({from, index, plaintext}) => `${from} ${index} ${plaintext}`)

/**
 * What is wrong about what is read of a recording whose packets were lost, repeated or overtaken: findings that the
 * whole recording does not have, and frames that opened and that nobody sent. One sentence for each seed; empty:
 * nothing.
 */
export async function damageProblems(name: string, [first, end]: readonly [number, number]): Promise<string[]> {
  const recording = recordings.get(name)!
  const whole = (await readAs(recording.file, recording)).records
  const known = new Set(accusations(whole))
  const frames = new Set(openedIn(whole))
  if (frames.size === 0) throw new Error(`no frame of ${name} opens`)
  const segments = segmentsOf(recording, 0)
  const problems: string[] = []
  for (let seed = first; seed < end; seed++) {
    const path = captureOf(damaged(segments, seeded(seed)))
    const {records} = await readAs(path, recording)
    rmSync(path)
    const invented = openedIn(records).filter(frame => !frames.has(frame))
    const alarms = accusations(records).filter(code => !known.has(code))
    if (alarms.length > 0) problems.push(`${name}, seed ${seed}: ${[...new Set(alarms)].join(', ')}`)
    if (invented.length > 0) problems.push(`${name}, seed ${seed}: ${invented.length} frames that nobody sent`)
  }
  return problems
}

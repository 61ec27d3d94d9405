import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {type ReadOptions, read} from '../../src/actions/read.js'
import {RecordedIo} from '../terminal/recorded-io.js'

const fixtures = new URL('../../fixtures/', import.meta.url).pathname

/** One relay packet on the wire, as truth.jsonl.gz has it. */
export interface TruePacket {
  readonly session: number
  readonly direction: 'c2s' | 's2c'
  readonly seq: number
  readonly plaintext: string
  readonly packet_no: number
}

type Ranges = Readonly<Record<string, readonly [number, number]>>

/** A capture with what is to come out of it. */
export interface CaptureFile {
  readonly name: string
  readonly file: string
  readonly keylogs: readonly string[]
  readonly truth: readonly TruePacket[]
  /** Least that is opened, as half-open ranges of seq per session and direction; undefined: everything. */
  readonly floor: Ranges | undefined
  /** What resynchronisation can recover besides. */
  readonly recoverable: Ranges
}

interface Expectation {
  readonly keys: string
  readonly truth: string
  readonly expect: {
    readonly all: boolean
    readonly ranges: Ranges
    readonly midstream?: Readonly<
      Record<string, {readonly decodable_with_known_session_key_and_base_nonce: readonly [number, number]}>
    >
    readonly after_gap?: Readonly<Record<string, {readonly decodable_with_resync?: readonly [number, number]}>>
  }
}

const truths = new Map<string, readonly TruePacket[]>()

/** Read once, by the first test that asks for it: those of a large capture take half a second. */
function truthOf(path: string): readonly TruePacket[] {
  const lines = () => gunzipSync(readFileSync(path)).toString().trim().split('\n')
  const truth = truths.get(path) ?? lines().map(line => JSON.parse(line) as TruePacket)
  truths.set(path, truth)
  return truth
}

const captureIn = (folder: string): string =>
  ['capture.pcap', 'capture.pcapng', 'capture.pcap.gz'].map(name => folder + name).find(existsSync)!

function capture(name: string): CaptureFile {
  const folder = `${fixtures}captures/${name}/`
  return {
    name,
    file: captureIn(folder),
    keylogs: [`${folder}sessions.keylog`],
    get truth() {
      return truthOf(`${folder}truth.jsonl.gz`)
    },
    floor: undefined,
    recoverable: {},
  }
}

function variant(name: string): CaptureFile {
  const folder = `${fixtures}variants/${name}/`
  const {keys, truth, expect} = JSON.parse(readFileSync(`${folder}expect.json`, 'utf8')) as Expectation
  const middle = Object.entries(expect.midstream ?? {}).map(
    ([key, value]) => [key, value.decodable_with_known_session_key_and_base_nonce] as const,
  )
  const after = Object.entries(expect.after_gap ?? {}).flatMap(([key, value]) =>
    value.decodable_with_resync ? [[key, value.decodable_with_resync] as const] : [],
  )
  return {
    name,
    file: captureIn(folder),
    keylogs: [fixtures + keys.replace('keys.json', 'sessions.keylog')],
    get truth() {
      return truthOf(fixtures + truth)
    },
    floor: expect.all ? undefined : expect.ranges,
    recoverable: Object.fromEntries([...middle, ...after]),
  }
}

/** The shortest first: most of what goes wrong in long ones does in these. */
export const captures: readonly CaptureFile[] = readdirSync(`${fixtures}captures`)
  .map(capture)
  .sort((a, b) => statSync(a.file).size - statSync(b.file).size)
export const variants: readonly CaptureFile[] = readdirSync(`${fixtures}variants`).map(variant)

/** A record as --json prints it. */
export interface JsonRecord {
  readonly number: number
  readonly time: string | null
  readonly connection: number
  readonly client: string | null
  readonly relay: string | null
  readonly from: 'client' | 'relay' | null
  readonly kind: string
  readonly index: number | null
  readonly packets: readonly number[]
  readonly state: string | null
  readonly type: string | null
  readonly plaintext?: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly findings: readonly {readonly code: string; readonly severity: string; readonly message: string}[]
  readonly inferred?: Readonly<Record<string, unknown>>
}

const plainOptions: Omit<ReadOptions, 'files'> = {
  ports: [],
  embedKeys: false,
  force: false,
  pager: false,
  print: {tree: false, json: true, hex: false, bytes: true, fields: [], fieldOptions: []},
  keys: {key: [], keylog: [], secretKey: [], relayPk: [], env: {}},
}

/** What `toxtcp read` printed, noted and ended with. */
export interface Run {
  readonly status: number | undefined
  readonly records: readonly JsonRecord[]
  readonly notes: string
  readonly error: unknown
}

const wholes = new Map<string, Promise<Run>>()

/** A capture as it is, with its keys: read once, by the first test that asks for it. */
export function wholeRun({file, keylogs}: CaptureFile): Promise<Run> {
  const run = wholes.get(file) ?? runRead([file], keylogs)
  wholes.set(file, run)
  return run
}

/** Read captures by the action itself. @param stdin pieces of standard input. */
export async function runRead(
  files: readonly string[],
  keylogs: readonly string[],
  more: Partial<ReadOptions> = {},
  stdin: readonly Uint8Array[] = [],
): Promise<Run> {
  const recorded = new RecordedIo({stdin})
  let status: number | undefined
  let error: unknown
  try {
    status = await read({...plainOptions, files, keys: {...plainOptions.keys, keylog: keylogs}, ...more}, recorded.io)
  } catch (caught) {
    error = caught
  }
  const text = recorded.stdout
  const records = text.startsWith('{')
    ? text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as JsonRecord)
    : []
  return {status, records, notes: recorded.stderr, error}
}

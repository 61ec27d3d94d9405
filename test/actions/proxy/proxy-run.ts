import {proxy} from '../../../src/actions/proxy.js'
import {read} from '../../../src/actions/read.js'
import type {KeyOptions} from '../../../src/files/keys/load-keys.js'
import type {ProxyOptions} from '../../../src/live/settings.js'
import {RecordedIo} from '../../terminal/recorded-io.js'

/** What a record's JSON says, as far as tests look at it. */
export interface JsonRecord {
  readonly number: number
  readonly time: string
  readonly connection: number
  readonly client: string
  readonly relay: string
  readonly from: string | null
  readonly kind: string
  readonly index: number | null
  readonly length: number | null
  readonly packets: readonly number[]
  readonly state: string | null
  readonly type: string | null
  readonly fields: Readonly<Record<string, unknown>>
  readonly inferred?: Readonly<Record<string, unknown>>
  readonly findings: readonly {readonly code: string; readonly severity: string; readonly message: string}[]
}

export const printsJson = {
  tree: false,
  json: true,
  hex: false,
  bytes: false,
  color: false,

  fields: [],
  fieldOptions: [],
} as const
export const noKeys: KeyOptions = {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}

const usual: ProxyOptions = {
  listen: ['0'],
  relayKey: [],
  clientKey: [],
  embedsKeys: true,
  force: false,
  status: false,
  print: printsJson,
  keys: noKeys,
}

/** A proxy in this process, and what it said. */
export class ProxyRun {
  port = 0
  readonly #recorded: RecordedIo
  readonly #abort = new AbortController()
  readonly #status: Promise<number>
  #check = () => {}

  private constructor(options: Partial<ProxyOptions>, isErrorTerminal: boolean) {
    this.#recorded = new RecordedIo({isErrorTerminal, width: 120, written: () => this.#check()})
    this.#status = proxy({...usual, ...options, stop: this.#abort.signal}, this.#recorded.io)
  }

  /** Resolves when it listens. */
  static async start(options: Partial<ProxyOptions>, {isErrorTerminal = false} = {}): Promise<ProxyRun> {
    const run = new ProxyRun(options, isErrorTerminal)
    await Promise.race([run.until(() => /listening on .*:\d+ /.test(run.stderr)), run.#status])
    run.port = Number(/listening on .*:(\d+) /.exec(run.stderr)?.[1])
    return run
  }

  get stdout(): string {
    return this.#recorded.stdout
  }

  get stderr(): string {
    return this.#recorded.stderr
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise(done => {
      this.#check = () => holds() && done()
      this.#check()
    })
  }

  get records(): JsonRecord[] {
    return recordsIn(this.stdout)
  }

  /** Of frames and handshakes: who, what. */
  get brief(): string[] {
    return briefly(this.records)
  }

  /** When records of ends are there for so many connections. */
  ends(count: number): Promise<void> {
    return this.until(() => this.stdout.split('"kind":"end"').length > count)
  }

  /** When a record has this finding. */
  found(code: string, count = 1): Promise<void> {
    return this.until(() => this.stdout.split(`"code":"${code}"`).length > count)
  }

  stop(): Promise<number> {
    this.#abort.abort()
    return this.#status
  }

  /** When it ends by itself. */
  get status(): Promise<number> {
    return this.#status
  }
}

export const recordsIn = (text: string): JsonRecord[] =>
  text.split('\n').flatMap(line => (line ? [JSON.parse(line)] : []))

export const briefly = (records: readonly JsonRecord[]): string[] =>
  records
    .filter(({kind}) => kind === 'frame' || kind === 'handshake' || kind === 'packet')
    .map(({from, state, type, kind, findings}) =>
      [from, kind === 'packet' ? 'off' : state, type, ...findings.map(({code}) => code)].join(' '),
    )

/** What `toxtcp read --json` prints of recordings. */
export async function readAgain(
  files: readonly string[],
  keys: Partial<KeyOptions> = {},
  ports: readonly number[] = [],
): Promise<string> {
  const recorded = new RecordedIo()
  await read(
    {files, ports, embedKeys: false, force: false, pager: false, print: printsJson, keys: {...noKeys, ...keys}},
    recorded.io,
  )
  return recorded.stdout
}

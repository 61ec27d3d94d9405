import {proxy} from '../../src/actions/proxy.js'
import {read} from '../../src/actions/read.js'
import type {KeyOptions} from '../../src/files/load-keys.js'
import type {ProxyOptions} from '../../src/live/settings.js'

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
  readonly findings: readonly {readonly code: string; readonly message: string}[]
}

export const printsJson = {
  tree: false,
  json: true,
  hex: false,
  bytes: false,
  ascii: true,
  color: false,
  time: 'r',
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

const quietIo = {
  stdin: (async function* (): AsyncGenerator<Buffer> {})(),
  isInputTerminal: false,
  isOutputTerminal: false,
  isErrorTerminal: false,
  width: 120,
  colorLevel: 0,
  env: {},
} as const

/** A proxy in this process, and what it said. */
export class ProxyRun {
  stdout = ''
  stderr = ''
  port = 0
  readonly #abort = new AbortController()
  readonly #status: Promise<number>
  #check = () => {}

  private constructor(options: Partial<ProxyOptions>, isErrorTerminal: boolean) {
    const io = {
      ...quietIo,
      isErrorTerminal,
      stdout: (text: string) => {
        this.stdout += text
        this.#check()
      },
      stderr: (text: string) => {
        this.stderr += text
        this.#check()
      },
    }
    this.#status = proxy({...usual, ...options, stop: this.#abort.signal}, io)
  }

  /** Resolves when it listens. */
  static async start(options: Partial<ProxyOptions>, {isErrorTerminal = false} = {}): Promise<ProxyRun> {
    const run = new ProxyRun(options, isErrorTerminal)
    await Promise.race([run.until(() => /listening on .*:\d+ /.test(run.stderr)), run.#status])
    run.port = Number(/listening on .*:(\d+) /.exec(run.stderr)?.[1])
    return run
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
  let stdout = ''
  const io = {
    ...quietIo,
    stdout: (text: string) => {
      stdout += text
    },
    stderr: () => {},
  }
  await read(
    {files, ports, embedKeys: false, force: false, pager: false, print: printsJson, keys: {...noKeys, ...keys}},
    io,
  )
  return stdout
}

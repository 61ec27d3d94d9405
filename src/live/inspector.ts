import {existsSync} from 'node:fs'
import type {TcpSessionItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {severityOf} from '../expert/finding.js'
import {fileError, openedFile} from '../files/file-error.js'
import {KeyLogFile} from '../files/key-log-file.js'
import {KeyLogFollower} from '../files/key-log-follower.js'
import {type KeyOptions, keyLogVariable, type LoadedKeys, loadKeys} from '../files/load-keys.js'
import {LiveSession} from '../proxy/inspection/live-session.js'
import type {ProxyEvent} from '../proxy/inspection/proxy-event.js'
import type {Secret} from '../proxy/intercept/intercept-event.js'
import type {SessionRecord} from '../session/record.js'
import {ConsoleWriter} from '../terminal/console-writer.js'
import {type Output, type OutputOptions, outputTo} from '../terminal/output.js'
import type {UserOutput} from '../terminal/user-output.js'
import type {PrintOptions} from '../view/printer.js'
import {type Recorded, statusText, summaryLines} from './summary.js'

/** What inspecting depends on; plain data, so that it can go to another thread. */
export interface InspectorSettings {
  readonly keys: KeyOptions
  /** What is intercepted with opens handshakes, too. */
  readonly secrets: readonly Secret[]
  /** Every connection goes to a relay. */
  readonly isTox: boolean
  readonly writeKeylog?: string | undefined
}

/** How what was inspected is printed; plain data, too. */
export interface PrintingSettings extends InspectorSettings {
  readonly print: PrintOptions
  readonly output: OutputOptions
  /** Width of the terminal that shows a status line; undefined: none. */
  readonly statusWidth?: number | undefined
}

/** Where records and sentences go. */
export interface InspectorOutput {
  readonly output: Output
  readonly voice: ConsoleWriter
  readonly statusWidth: number | undefined
}

interface Parts extends InspectorOutput {
  readonly keyring: Keyring
  readonly followed: KeyLogFollower | undefined
  readonly keyLog: KeyLogFile | undefined
}

const statusMilliseconds = 500

/** What an inspector tells besides what it prints. */
export interface InspectorEvents {
  /** No more output is wanted. Told once. */
  enough(): void
  /** The key of a connection's frames is known. */
  keyFound(connection: number, item: TcpSessionItem): void
}

/** Looks at what the proxy carries: prints it, logs its keys. */
export class Inspector {
  readonly #parts: Parts
  readonly #live: LiveSession
  readonly #findings = {error: 0, warn: 0, note: 0, chat: 0}
  readonly #tidings: InspectorEvents
  readonly #timer: NodeJS.Timeout | undefined
  #failure: unknown
  #hasEnded = false

  constructor(parts: Parts, isTox: boolean, tidings: InspectorEvents) {
    const {keyring, followed, keyLog, voice, statusWidth} = parts
    this.#parts = parts
    this.#tidings = tidings
    this.#live = new LiveSession({
      keyring,
      isTox,
      followed,
      sessionKnown: (item, connection) => {
        keyLog?.add(item)
        tidings.keyFound(connection, item)
      },
      emit: record => this.#emit(record),
      note: sentence => voice.note(sentence),
    })
    if (statusWidth !== undefined) this.#timer = this.#showStatus(statusWidth)
  }

  /** What fails inside is told once, and changes nothing for what comes later. */
  observe(event: ProxyEvent): void {
    try {
      this.#live.observe(event)
    } catch (error) {
      if (this.#failure === undefined)
        this.#parts.voice.note(
          `inspection failed (${String(error)}): forwarding goes on, and what is shown of it is incomplete`,
        )
      this.#failure ??= error
    }
  }

  /** Say something to the user. */
  note(sentence: string): void {
    this.#parts.voice.note(sentence)
  }

  /** Write what has gathered. */
  flush(): void {
    if (!this.#parts.voice.flush()) this.#end()
  }

  /**
   * Nothing more comes.
   * @param recorded what was recorded of it.
   * @returns the exit status.
   * @throws what failed inside
   */
  end(recorded: Recorded | undefined): number {
    const {output, keyLog, voice} = this.#parts
    clearInterval(this.#timer)
    this.#live.end()
    const exitStatus = output.end()
    keyLog?.close()
    voice.flush()
    voice.out.status('')
    for (const line of summaryLines(this.#live.counts, this.#findings, recorded)) voice.out.note(line)
    if (this.#failure !== undefined) throw this.#failure
    return exitStatus
  }

  /** Instead of end(), in silence. */
  cancel(): void {
    clearInterval(this.#timer)
    this.#parts.keyLog?.close()
  }

  #emit(record: SessionRecord): void {
    for (const found of record.findings) this.#findings[severityOf(found)]++
    if (!this.#parts.output.take(record)) this.#end()
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#tidings.enough()
  }

  #showStatus(width: number): NodeJS.Timeout {
    let before = structuredClone(this.#live.counts)
    let since = performance.now()
    const draw = () => {
      const at = performance.now()
      const text = statusText(this.#live.counts, before, (at - since) / 1000, this.#findings)
      // The last column is left free: terminals wrap when it is written.
      this.#parts.voice.out.status(text.slice(0, width - 1))
      before = structuredClone(this.#live.counts)
      since = at
    }
    draw()
    return setInterval(draw, statusMilliseconds)
  }
}

/** Load keys, open files. @throws InputError */
export async function startInspector(
  settings: InspectorSettings,
  to: InspectorOutput,
  tidings: InspectorEvents,
): Promise<Inspector> {
  const {writeKeylog, isTox} = settings
  const {voice} = to
  const {keyring, notes, followed} = await liveKeys(settings)
  for (const note of notes) voice.note(note)
  const failed = (error: unknown, path: string) =>
    voice.note(`${fileError(error, 'write', path).message}; no more keys are logged, forwarding goes on`)
  const keyLog =
    writeKeylog === undefined
      ? undefined
      : openedFile(writeKeylog, () => new KeyLogFile(writeKeylog, error => failed(error, writeKeylog)))
  return new Inspector({...to, keyring, followed, keyLog}, isTox, tidings)
}

/** The same, with records printed. @throws InputError */
export async function startPrinting(
  settings: PrintingSettings,
  out: UserOutput,
  tidings: InspectorEvents,
): Promise<Inspector> {
  const {print, statusWidth} = settings
  const voice = new ConsoleWriter(out)
  const output = await outputTo(voice, print, settings.output)
  return startInspector(settings, {output, voice, statusWidth}, tidings)
}

/** The keys that are there, and the logs to which more may come; one that does not exist yet is no mistake. */
async function liveKeys({
  keys,
  secrets,
}: InspectorSettings): Promise<Pick<LoadedKeys, 'keyring' | 'notes'> & Pick<Parts, 'followed'>> {
  const named = keys.env[keyLogVariable]
  const given = named ? [...keys.keylog, named] : keys.keylog
  const logs = given.filter(log => typeof log === 'string')
  const missing = logs.filter(path => !existsSync(path))
  const there = given.filter(log => typeof log !== 'string' || !missing.includes(log))
  const {keyring, notes} = await loadKeys({...keys, keylog: there, env: {...keys.env, [keyLogVariable]: undefined}})
  if (secrets.length > 0 || logs.length > 0) keyring.box ??= await loadSodium()
  for (const secret of secrets) {
    keyring.add({kind: 'secret_key', publicKey: null, secretKey: secret.secretKey}, 'a key to intercept with')
    if (secret.of === 'client') keyring.add({kind: 'relay_key', publicKey: secret.relayKey}, '--relay-pk')
  }
  return {
    keyring,
    notes: [...notes, ...missing.map(path => `${path} is not there yet; it will be read once it is`)],
    followed: logs.length > 0 ? new KeyLogFollower(logs, keyring) : undefined,
  }
}

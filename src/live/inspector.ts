import {existsSync} from 'node:fs'
import type {TcpSessionItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {type PeersName, peersNamed} from '../expert/peers.js'
import {fileError, openedFile} from '../files/errors/file-error.js'
import {KeyLogFile} from '../files/keys/key-log-file.js'
import {KeyLogFollower} from '../files/keys/key-log-follower.js'
import {type KeyOptions, keyLogsOf, keyLogVariable, type LoadedKeys, loadKeys} from '../files/keys/load-keys.js'
import {LiveSession} from '../proxy/inspection/live-session.js'
import type {ProxyEvent} from '../proxy/inspection/proxy-event.js'
import type {Secret} from '../proxy/intercept/intercept-event.js'
import {type SessionRecord, severityIn} from '../session/record.js'
import {ConsoleWriter} from '../terminal/console-writer.js'
import {type Output, type OutputOptions, outputTo} from '../terminal/output.js'
import type {UserOutput} from '../terminal/user-output.js'
import type {PrintOptions} from '../view/printer.js'
import {SealedReport} from '../view/sealed-report.js'
import {type Recorded, statusText, summaryLines} from './summary.js'

/** Settings of the inspection; plain data, so that they can be sent to another thread. */
export interface InspectorSettings {
  readonly keys: KeyOptions
  /** Secret keys to intercept with; they open handshakes, too. */
  readonly secrets: readonly Secret[]
  /** Every connection goes to a relay, so that all are Tox. */
  readonly isTox: boolean
  /** Which implementation all ends are; default: auto. */
  readonly peers?: PeersName | undefined
  /** Recording goes on when nobody reads the output any more. */
  readonly isRecording?: boolean | undefined
  readonly writeKeylog?: string | undefined
}

/** Settings of the inspection and its output; plain data, too. */
export interface PrintingSettings extends InspectorSettings {
  readonly print: PrintOptions
  readonly output: OutputOptions
  /** Whether there is a status line. */
  readonly showsStatus: boolean
}

/** Receivers of records and sentences. */
export interface InspectorOutput {
  readonly output: Output
  readonly writer: ConsoleWriter
  readonly showsStatus: boolean
  /** Receives the names of peers by public key in hex, from `.tox` saves. */
  readonly savedNames?: Map<string, string>
}

interface Parts extends InspectorOutput {
  readonly keyring: Keyring
  /** See LoadedKeys. */
  readonly doubts: readonly string[]
  readonly followed: KeyLogFollower | undefined
  readonly keyLog: KeyLogFile | undefined
  readonly isRecording: boolean
}

const statusMilliseconds = 500

/** Events of an inspector, besides its output. */
export interface InspectorEvents {
  /** No more output is wanted. Called once. */
  enough(): void
  /**
   * The key of a connection's frames is known.
   * @param connection the proxy's number.
   * @param recorded the number that the connection's records have.
   */
  keyFound(connection: number, item: TcpSessionItem, recorded: number): void
}

/** Inspects the proxy's traffic: prints records, and logs session keys. */
export class Inspector {
  readonly #parts: Parts
  readonly #live: LiveSession
  readonly #findings = {error: 0, warn: 0, note: 0, chat: 0}
  readonly #events: InspectorEvents
  readonly #sealed: SealedReport
  readonly #timer: NodeJS.Timeout | undefined
  #failure: unknown
  #hasEnded = false
  #isUnread = false

  constructor(parts: Parts, {isTox, peers}: InspectorSettings, events: InspectorEvents) {
    const {keyring, keyLog, writer, showsStatus} = parts
    this.#parts = parts
    this.#sealed = new SealedReport(keyring, parts.doubts)
    this.#events = events
    this.#live = new LiveSession({
      keyring,
      isTox,
      peers: peersNamed(peers),
      sessionKnown: (item, connection, recorded) => {
        keyLog?.add(item)
        events.keyFound(connection, item, recorded)
      },
      emit: record => this.#emit(record),
      note: sentence => writer.note(sentence),
    })
    if (showsStatus) this.#timer = this.#showStatus()
  }

  /** Whether other programs may still write keys for it. */
  get followsKeyLogs(): boolean {
    return this.#parts.followed !== undefined
  }

  /** Read what other programs have written to the key logs since the last call. */
  lookAtKeyLogs(): void {
    this.#parts.followed?.look()
  }

  /** Inspect an event. The first error is reported; later events are inspected all the same. */
  observe(event: ProxyEvent): void {
    try {
      this.#live.observe(event)
    } catch (error) {
      if (this.#failure === undefined)
        this.#parts.writer.note(
          `inspection failed (${String(error)}): forwarding goes on, and what is shown of it is incomplete`,
        )
      this.#failure ??= error
    }
  }

  /** Print a sentence for the user. */
  note(sentence: string): void {
    this.#parts.writer.note(sentence)
  }

  /** Write what was gathered. */
  flush(): void {
    if (!this.#parts.writer.flush()) this.#outputEnded()
  }

  /**
   * No more events come.
   * @param recorded totals of the recording.
   * @returns the exit status.
   * @throws the first error of the inspection
   */
  end(recorded: Recorded | undefined): number {
    const {output, keyLog, writer} = this.#parts
    clearInterval(this.#timer)
    this.#live.end()
    const exitStatus = output.end()
    keyLog?.close()
    writer.flush()
    writer.out.status('')
    const seen = {findings: this.#findings, sealed: this.#sealed.sentence}
    for (const line of summaryLines(this.#live.counts, seen, recorded)) writer.out.note(line)
    if (this.#failure !== undefined) throw this.#failure
    return exitStatus
  }

  /** Called instead of end(): prints nothing. */
  cancel(): void {
    clearInterval(this.#timer)
    this.#parts.keyLog?.close()
  }

  #emit(record: SessionRecord): void {
    this.#sealed.add(record)
    for (const found of record.findings) this.#findings[severityIn(record, found)]++
    if (!this.#parts.output.take(record)) this.#end()
  }

  /** The output cannot be written: a recording goes on without it, and nothing else is left to do. */
  #outputEnded(): void {
    if (!this.#parts.isRecording) {
      this.#end()
      return
    }
    if (this.#isUnread) return
    this.#isUnread = true
    this.#parts.writer.out.note('the output cannot be written any more: forwarding and recording go on')
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#events.enough()
  }

  #showStatus(): NodeJS.Timeout {
    let before = structuredClone(this.#live.counts)
    let since = performance.now()
    const draw = () => {
      const at = performance.now()
      this.#parts.writer.out.status(statusText(this.#live.counts, before, (at - since) / 1000, this.#findings))
      before = structuredClone(this.#live.counts)
      since = at
    }
    draw()
    return setInterval(draw, statusMilliseconds)
  }
}

/** Load keys, open files, and make an inspector. @throws InputError */
export async function startInspector(
  settings: InspectorSettings,
  to: InspectorOutput,
  events: InspectorEvents,
): Promise<Inspector> {
  const {writeKeylog, isRecording = false} = settings
  const {writer} = to
  const {keyring, notes, doubts, names, followed} = await liveKeys(settings)
  for (const [key, name] of names) to.savedNames?.set(key, name)
  for (const note of notes) writer.note(note)
  const failed = (error: unknown, path: string) =>
    writer.note(`${fileError(error, 'write', path).message}; no more keys are logged, forwarding goes on`)
  const keyLog =
    writeKeylog === undefined
      ? undefined
      : openedFile(writeKeylog, () => new KeyLogFile(writeKeylog, error => failed(error, writeKeylog)))
  return new Inspector({...to, keyring, doubts, followed, keyLog, isRecording}, settings, events)
}

/** Make an inspector that prints records. @throws InputError */
export async function startPrinting(
  settings: PrintingSettings,
  out: UserOutput,
  events: InspectorEvents,
): Promise<Inspector> {
  const {print, showsStatus} = settings
  const writer = new ConsoleWriter(out)
  const savedNames = new Map<string, string>()
  const output = await outputTo(writer, {...print, savedNames}, settings.output)
  return startInspector(settings, {output, writer, showsStatus, savedNames}, events)
}

/** Load the keys that exist, and follow the key logs. A log that does not exist yet is not an error. */
async function liveKeys({
  keys,
  secrets,
}: InspectorSettings): Promise<Pick<LoadedKeys, 'keyring' | 'notes' | 'doubts' | 'names'> & Pick<Parts, 'followed'>> {
  const given = keyLogsOf(keys)
  const logs = given.filter(log => typeof log === 'string')
  const missing = logs.filter(path => !existsSync(path))
  const there = given.filter(log => typeof log !== 'string' || !missing.includes(log))
  const {keyring, notes, doubts, names} = await loadKeys({
    ...keys,
    keylog: there,
    env: {...keys.env, [keyLogVariable]: undefined},
  })
  if (secrets.length > 0 || logs.length > 0) keyring.box ??= await loadSodium()
  for (const secret of secrets) {
    keyring.add({kind: 'secret_key', publicKey: null, secretKey: secret.secretKey}, 'a key to intercept with')
    if (secret.of === 'client') keyring.add({kind: 'relay_key', publicKey: secret.relayKey}, '--relay-pk')
  }
  return {
    keyring,
    doubts,
    names,
    notes: [...notes, ...missing.map(path => `${path} is not there yet; it will be read once it is`)],
    followed: logs.length > 0 ? new KeyLogFollower(logs, keyring) : undefined,
  }
}

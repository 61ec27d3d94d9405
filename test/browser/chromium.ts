import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Readable, Writable} from 'node:stream'

/** Names of the browser, most usual first. */
const names = ['chromium', 'chromium-browser', 'google-chrome']

/** Path of an installed Chromium; undefined if none is found. */
export function findChromium(): string | undefined {
  for (const name of names) {
    try {
      return execFileSync('which', [name], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim()
    } catch {
      // The next one.
    }
  }
  return undefined
}

interface Message {
  readonly id?: number
  /** The event's name, in a message that is not an answer. */
  readonly method?: string
  readonly result?: Record<string, unknown>
  readonly error?: {readonly message: string}
}

/** A headless Chromium that is driven by the DevTools protocol over a pipe, with a profile of its own. */
export class Chromium {
  readonly #process: ChildProcess
  readonly #input: Writable
  readonly #profile: string
  readonly #waiting = new Map<number, (message: Message) => void>()
  #lastId = 0
  #text = ''
  /** Called when the page has loaded. */
  #loaded: (() => void) | undefined

  constructor(path: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'toxtcp-chromium-'))
    this.#process = spawn(
      path,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--remote-debugging-pipe',
        `--user-data-dir=${this.#profile}`,
      ],
      {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true},
    )
    this.#input = this.#process.stdio[3] as Writable
    const output = this.#process.stdio[4] as Readable
    output.setEncoding('utf8')
    output.on('data', (part: string) => this.#take(part))
    this.#process.once('exit', () => {
      for (const done of this.#waiting.values()) done({error: {message: 'Chromium has ended'}})
    })
  }

  /** Open a page, and give what a script in it returns. @param script the body of an async function. */
  async run(url: string, script: string): Promise<unknown> {
    const {targetId} = await this.#ask('Target.createTarget', {url: 'about:blank'})
    const {sessionId} = await this.#ask('Target.attachToTarget', {targetId, flatten: true})
    // A script that is evaluated before the page is there would run in the empty one.
    await this.#ask('Page.enable', {}, sessionId)
    const loaded = new Promise<void>(done => {
      this.#loaded = done
    })
    await this.#ask('Page.navigate', {url}, sessionId)
    await loaded
    const {result, exceptionDetails} = await this.#ask(
      'Runtime.evaluate',
      {expression: `(async () => {${script}})()`, awaitPromise: true, returnByValue: true},
      sessionId,
    )
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
    return (result as {readonly value: unknown}).value
  }

  async end(): Promise<void> {
    const ended = this.#process.exitCode === null ? once(this.#process, 'exit') : undefined
    // All its processes: one that is left would go on writing its profile.
    if (ended) process.kill(-this.#process.pid!, 'SIGKILL')
    await ended
    rmSync(this.#profile, {recursive: true, force: true, maxRetries: 10, retryDelay: 200})
  }

  async #ask(method: string, params: object, sessionId?: unknown): Promise<Record<string, unknown>> {
    const id = ++this.#lastId
    const answer = new Promise<Message>(done => this.#waiting.set(id, done))
    this.#input.write(`${JSON.stringify({id, method, params, sessionId})}\0`)
    const {result, error} = await answer
    if (error) throw new Error(`${method}: ${error.message}`)
    return result ?? {}
  }

  #take(part: string): void {
    const messages = (this.#text + part).split('\0')
    this.#text = messages.pop()!
    for (const text of messages) {
      const message: Message = JSON.parse(text)
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message)
      if (message.method === 'Page.loadEventFired') this.#loaded?.()
    }
  }
}

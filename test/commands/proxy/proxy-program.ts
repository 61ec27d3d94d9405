import {type ChildProcessByStdio, spawn} from 'node:child_process'
import type {Readable} from 'node:stream'
import {plainEnv, runFile} from '../program.js'

/** How the program is started. */
interface Start {
  /** What bash does before the program. */
  readonly line?: string
  /** Where it listens: any free port. */
  readonly listen?: readonly string[]
  readonly command?: 'proxy' | 'relay' | 'probe'
}

/** `toxtcp proxy`, `relay` or `probe --client` as built, listening on a port of its own choice. */
export class Program {
  stdout = ''
  stderr = ''
  port = 0
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly exit: Promise<{readonly status: number | null; readonly signal: NodeJS.Signals | null}>
  #check = () => {}
  #isHeard = false

  private constructor(args: readonly string[], {line = 'exec', listen = ['--listen', '0'], command = 'proxy'}: Start) {
    this.child = spawn(
      'bash',
      ['-c', `${line} '${process.execPath}' '${runFile}' "$@"`, 'bash', command, ...listen, ...args],
      {
        env: plainEnv,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    this.child.stderr.on('data', part => {
      this.stderr += part
      this.#check()
    })
    this.exit = new Promise(done => {
      this.child.once('exit', (status, signal) => {
        const {stdout} = this.child
        // What it wrote last may still be in the pipe.
        if (this.#isHeard && !stdout.readableEnded) stdout.once('end', () => done({status, signal}))
        else done({status, signal})
      })
    })
    void this.exit.then(() => this.#check())
  }

  /** Its output is not read until somebody hears it. */
  static start(args: readonly string[], start: Start = {}): Program {
    return new Program(args, start)
  }

  /** Read its output from now on. */
  hear(): this {
    this.#isHeard = true
    this.child.stdout.resume()
    this.child.stdout.on('data', part => {
      this.stdout += part
      this.#check()
    })
    return this
  }

  /** Resolves when it listens. */
  async listens(): Promise<this> {
    await this.until(() => /listening on .*:\d+ /.test(this.stderr))
    this.port = Number(/listening on .*:(\d+) /.exec(this.stderr)?.[1])
    return this
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((done, failed) => {
      this.#check = () => {
        if (holds()) done()
        else if (this.child.exitCode !== null)
          failed(new Error(`the program ended with ${this.child.exitCode}: ${this.stderr}`))
      }
      this.#check()
    })
  }
}

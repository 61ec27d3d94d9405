import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {shellWord} from '../../src/wire/text/shell-word.js'
import {patience} from '../patience.js'

export const hasTmux = spawnSync('tmux', ['-V']).status === 0

/** A real terminal of its own: tmux without its bars, on a socket of its own. */
export class Tmux {
  readonly folder = mkdtempSync(join(tmpdir(), 'toxtcp-tmux-'))
  readonly #socket = join(this.folder, 'socket')

  /** Start a shell command. What it ends with is shown on the last line, before the terminal goes on. */
  constructor(command: string, width: number, height: number, env: Readonly<Record<string, string>> = {}) {
    const own = {HOME: this.folder, LC_ALL: 'C.UTF-8', PS1: '', ...env}
    const settings = Object.entries(own).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    this.#tmux(
      ...['-f', '/dev/null', 'new-session', '-d', '-x', String(width), '-y', String(height), ...settings],
      ...['bash', '--norc', '--noprofile', '-c', `${command}; echo "ended with $?"; exec cat`],
    )
    this.#tmux('set-option', '-g', 'status', 'off')
  }

  /** Press keys, by the names that tmux has for them. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  type(text: string): void {
    this.#tmux('send-keys', '-l', text)
  }

  resize(width: number, height: number): void {
    this.#tmux('resize-window', '-x', String(width), '-y', String(height))
  }

  /** The screen, a line a row. @param hasColor with the sequences of colours and styles. */
  screen(hasColor = false): string {
    return this.#tmux('capture-pane', '-p', ...(hasColor ? ['-e'] : []))
  }

  /** Wait until the screen shows a text. @throws if it does not, with the screen. */
  async see(text: string | RegExp, seconds = 30 * patience): Promise<string> {
    const until = Date.now() + seconds * 1000
    let before = ''
    for (;;) {
      const screen = this.screen()
      const isThere = typeof text === 'string' ? screen.includes(text) : text.test(screen)
      // A screen that is being written looks different a moment later.
      if (isThere && screen === before) return screen
      before = screen
      if (Date.now() > until) throw new Error(`the screen does not show ${text}:\n${screen}`)
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }

  /** Press a key. @returns seconds until the screen shows a text, with those that a look at the screen takes. */
  secondsToAnswer(key: string, text: string): number {
    const start = performance.now()
    this.press(key)
    while (!this.screen().includes(text)) if (performance.now() - start > 10_000) throw new Error(`no ${text}`)
    return (performance.now() - start) / 1000
  }

  /** What tmux knows of the terminal: `alternate_on`, `pane_current_command`. */
  state(name: string): string {
    return this.#tmux('display-message', '-p', `#{${name}}`).trim()
  }

  /** Numbers of the processes that run in it, by a part of their command line. */
  processes(part: string): number[] {
    const pane = this.state('pane_pid')
    const list = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', pane], {encoding: 'utf8'})
    return list.split('\n').flatMap(line => (line.includes(part) ? [Number.parseInt(line, 10)] : []))
  }

  close(): void {
    spawnSync('tmux', ['-S', this.#socket, 'kill-server'])
    // A program that was killed may still be writing into its folder.
    rmSync(this.folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 50})
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], {encoding: 'utf8', env: {PATH: process.env['PATH']}})
  }
}

/** The command line of the program as it was built. */
export const viewCommand = (...args: readonly string[]): string =>
  [process.execPath, resolve('bin/run.js'), ...args].map(shellWord).join(' ')

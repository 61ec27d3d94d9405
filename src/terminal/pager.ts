import {spawn, spawnSync} from 'node:child_process'
import {type Io, ioWith} from './io.js'
import {userOutput} from './user-output.js'

/** Output that goes through a pager. */
export interface Paged {
  readonly io: Io
  /** Whether it scrolls long rows sideways. */
  readonly scrolls: boolean
  /** False once the reader has closed the pager. */
  readonly isOpen: () => boolean
  /** Waits until the pager has taken what was written. */
  drain(): Promise<void>
  /** Waits until the reader has closed the pager. */
  end(): Promise<void>
}

/** Whether the shell knows a command's first word. */
const isThere = (command: string): boolean =>
  spawnSync('/bin/sh', [
    '-c',
    `command -v ${command
      .trim()
      .split(/\s/)[0]!
      .replace(/[^\w./-]/g, '')}`,
  ]).status === 0

/** Lines of a list that stay at the top: its heading. */
const headingLines = 1

/**
 * Options for less: the reader's, and R, or colours come as `ESC[31m`. Without options of the reader's, long rows
 * scroll sideways, and the heading of a list stays, where less can do that.
 */
function lessOptions(given: string | undefined, hasHeading: boolean): string {
  if (given !== undefined) return `${given} -R`
  const header =
    hasHeading && spawnSync('less', ['--help']).stdout?.includes('--header') ? ` --header=${headingLines}` : ''
  return `-FRSX${header}`
}

/** Characters that wait for the pager at most before reading goes on. */
const waiting = 1024 * 1024

/**
 * Show what is written in the reader's pager: PAGER, else less, which ends by itself where all fits on one screen.
 * @param hasHeading whether the first line is a heading.
 * @returns undefined without a terminal, or if PAGER is empty, `cat`, or not a command.
 */
export function pagerFor(io: Io, hasHeading = false): Paged | undefined {
  const command = io.env['PAGER'] ?? 'less'
  if (!io.isOutputTerminal || command === '' || command === 'cat' || !isThere(command)) return undefined
  const options = lessOptions(io.env['LESS'], hasHeading)
  const child = spawn('/bin/sh', ['-c', command], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: {...process.env, LESS: options},
  })
  let isOpen = true
  const closed = new Promise<void>(resolve => {
    child.once('close', () => {
      isOpen = false
      resolve()
    })
    child.once('error', () => {
      isOpen = false
      resolve()
    })
  })
  // The reader may close it at any time: what is still on its way is of no use then.
  child.stdin.on('error', () => {
    isOpen = false
  })
  // Ctrl-C is the pager's while it is open.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  const {stdout, data} = userOutput({
    out: text => {
      if (isOpen) child.stdin.write(text)
      return isOpen
    },
    error: () => {},
  })
  return {
    io: ioWith(io, {stdout, data}),
    scrolls: /(?:^|\/)less(?: |$)/.test(command) && /(?:^| )-?\w*S/.test(options),
    isOpen: () => isOpen,
    async drain() {
      if (isOpen && child.stdin.writableLength > waiting)
        await Promise.race([closed, new Promise(resolve => child.stdin.once('drain', resolve))])
    },
    async end() {
      child.stdin.end()
      await closed
      process.off('SIGINT', ignore)
    },
  }
}

/** Print a text, on a terminal in the reader's pager if that is wanted. */
export async function printPaged(text: string, io: Io, isWanted: boolean): Promise<void> {
  const paged = isWanted ? pagerFor(io) : undefined
  const out = paged?.io ?? io
  out.stdout(text)
  await paged?.end()
}

/** Text that is kept until all of it is there. */
export class GatheredText {
  /** Results for people stay here; all else is as it was. */
  readonly io: Io
  readonly #to: Io
  #text = ''

  constructor(to: Io) {
    this.#to = to
    const stdout = (text: string): boolean => {
      this.#text += text
      return true
    }
    this.io = ioWith(to, {stdout})
  }

  /** Print the text, on a terminal in the reader's pager if that is wanted. */
  async print(isPagerWanted: boolean): Promise<void> {
    if (this.#text !== '') await printPaged(this.#text, this.#to, isPagerWanted)
  }
}

import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {accessSync, constants} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {namespaceMissing} from './namespace.js'

/** What goes wrong on a link, in each direction. */
export interface Faults {
  /** Packets of a thousand that are lost. */
  readonly lossPerMille: number
  readonly delayMilliseconds: number
  /** Added to the delay, at random: packets overtake each other. */
  readonly jitterMilliseconds: number
  /** Time from one partition to the next; 0: none. */
  readonly partitionEveryMilliseconds: number
  readonly partitionMilliseconds: number
}

/** Packets on a link in both directions. */
export interface LinkCounts {
  readonly passed: number
  readonly lost: number
  /** Lost in a partition. */
  readonly cutOff: number
  /** Sent on before a packet that came earlier. */
  readonly overtaken: number
}

/** The ends' addresses. */
export const near = '10.77.0.1'
export const far = '10.77.0.2'

const source = fileURLToPath(new URL('link.c', import.meta.url))
const ip = (...words: readonly string[]) => execFileSync('ip', words, {stdio: 'pipe'})

/** Why no link can be made on this machine; undefined: it can. */
export function linkMissing(): string | undefined {
  if (spawnSync('cc', ['--version']).error) return 'not installed: cc'
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK)
  } catch {
    return 'there is no /dev/net/tun'
  }
  return namespaceMissing()
}

/** Two network namespaces with a link between them that has faults. */
export class FaultyLink {
  readonly #child: ChildProcess
  readonly #names: readonly [string, string]
  readonly #lines: AsyncIterator<string>

  private constructor(child: ChildProcess, names: readonly [string, string]) {
    this.#child = child
    this.#names = names
    this.#lines = createInterface({input: child.stdout!})[Symbol.asyncIterator]()
  }

  /** @param folder where the program is compiled. */
  static async make(folder: string, faults: Faults): Promise<FaultyLink> {
    const program = join(folder, 'link')
    execFileSync('cc', ['-O2', '-o', program, source])
    const names = [`tl${process.pid}a`, `tl${process.pid}b`] as const
    const numbers = [
      faults.lossPerMille,
      faults.delayMilliseconds,
      faults.jitterMilliseconds,
      faults.partitionEveryMilliseconds,
      faults.partitionMilliseconds,
    ].map(String)
    const link = new FaultyLink(spawn(program, [...names, ...numbers], {stdio: ['pipe', 'pipe', 'inherit']}), names)
    await link.#lines.next()
    for (const [name, address, other] of [
      [names[0], near, far],
      [names[1], far, near],
    ] as const) {
      ip('netns', 'add', name)
      ip('link', 'set', name, 'netns', name)
      ip('-n', name, 'address', 'add', address, 'peer', other, 'dev', name)
      ip('-n', name, 'link', 'set', name, 'up')
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    return link
  }

  /** A command line's first words that run the rest at an end. */
  at(end: 'near' | 'far'): readonly string[] {
    return ['ip', 'netns', 'exec', this.#names[end === 'near' ? 0 : 1]]
  }

  /** Take the link away. @returns what went over it. */
  async remove(): Promise<LinkCounts> {
    const exited = once(this.#child, 'exit')
    this.#child.stdin!.end()
    const {value} = await this.#lines.next()
    await exited
    for (const name of this.#names) spawnSync('ip', ['netns', 'delete', name])
    return JSON.parse(value)
  }
}

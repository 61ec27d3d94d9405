import {execFileSync, spawnSync} from 'node:child_process'

/** Why no network namespace can be made on this machine; undefined: it can. */
export function namespaceMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root'
  if (spawnSync('ip', ['-V']).error) return 'not installed: ip'
  const name = `toxtcp-probe-${process.pid}`
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'network namespaces cannot be made'
  spawnSync('ip', ['netns', 'delete', name])
  return undefined
}

/** A network namespace with a loopback interface alone, at which an address of the internet is its own. */
export class Namespace {
  /** A command line's first words that run the rest in it. */
  readonly words: readonly string[]

  private constructor(
    readonly name: string,
    readonly address: string,
  ) {
    this.words = ['ip', 'netns', 'exec', name]
  }

  static make(name: string, address: string): Namespace {
    const ip = (...words: readonly string[]) => execFileSync('ip', words, {stdio: 'pipe'})
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('-n', name, 'address', 'add', `${address}/32`, 'dev', 'lo')
    return new Namespace(name, address)
  }

  remove(): void {
    spawnSync('ip', ['netns', 'delete', this.name])
  }
}

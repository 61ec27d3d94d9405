import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Tmux} from '../../commands/tmux.js'
import type {Relay} from './relay.js'

/** Whether Debian's toxic is installed, and tmux to run it in. */
export const toxicInstalled = (): boolean =>
  ['toxic --version', 'tmux -V'].every(command => spawnSync('bash', ['-c', command]).status === 0)

export interface ToxicSetup {
  /** Where it finds the relay's TCP port. */
  readonly port: number
  /** A command that runs it, as the shell reads it. */
  readonly through?: string
  /** Options: those of a proxy. */
  readonly options?: readonly string[]
}

/** Debian's toxic in a terminal of its own, with a new profile, over TCP only. */
export class Toxic {
  readonly #terminal: Tmux

  private constructor(terminal: Tmux) {
    this.#terminal = terminal
  }

  /** Resolves once it has begun to connect. */
  static async start(relay: Relay, {port, through = '', options = []}: ToxicSetup): Promise<Toxic> {
    const command = [through, 'toxic', '-t', '-4', '-L', '-n', 'nodes.json', '-f', 'profile.tox', ...options].join(' ')
    const toxic = new Toxic(
      new Tmux(`cd "$HOME" && while [ ! -e nodes.json ]; do sleep 0.05; done; ${command}`, 120, 40),
    )
    const {folder} = toxic.#terminal
    const seconds = Math.floor(Date.now() / 1000)
    const node = {
      ipv4: relay.host,
      ipv6: '-',
      port,
      tcp_ports: [port],
      public_key: relay.publicKey.toUpperCase(),
      maintainer: '-',
      location: '-',
      status_udp: true,
      status_tcp: true,
      version: '-',
      motd: '',
      last_ping: seconds,
    }
    // It asks the network for a list that is older.
    const list = JSON.stringify({last_scan: seconds, last_refresh: seconds, nodes: [node]})
    writeFileSync(join(folder, 'nodes.json'), list)
    await toxic.#terminal.see('encrypt it?')
    toxic.enter('n')
    await toxic.see('Type "/help"')
    return toxic
  }

  /** Resolves once it is connected. */
  online(): Promise<void> {
    return this.see(/^ \[(Online|Away)\]/m)
  }

  /** Type a line. */
  enter(line: string): void {
    this.#terminal.type(line)
    this.#terminal.press('Enter')
  }

  /** Wait until the screen shows a text. */
  async see(text: string | RegExp): Promise<void> {
    await this.#terminal.see(text, 60)
  }

  /** Open the window of its only friend. */
  async openChat(): Promise<void> {
    this.#terminal.press('C-p')
    await this.see('Online: 1/1')
    this.#terminal.press('Enter')
  }

  /** Leave as its user does, if it still runs. */
  async quit(): Promise<void> {
    this.enter('/quit')
    await this.see('ended with 0')
  }

  close(): void {
    this.#terminal.close()
  }
}

import {type ChildProcess, spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {builtScript} from '../../built-script.js'
import type {Command, Event, EventOf, Setup} from './messages.js'

const script = new URL('client.ts', import.meta.url)

/**
 * Handle on a client process. Events are kept until somebody asks for them, so none is missed between two questions.
 */
export class RemoteClient {
  /** Tox address: public key, nospam, checksum; 38 bytes as hex. */
  address = ''
  publicKey = ''
  dhtKey = ''
  udpPort = 0
  private readonly unread: Event[] = []
  private readonly waiting: {
    readonly wants: (event: Event) => boolean
    readonly done: (event: Event) => void
    readonly failed: (error: Error) => void
  }[] = []
  private exited: Error | undefined
  private stderr = ''

  private readonly child: ChildProcess

  private constructor(child: ChildProcess) {
    this.child = child
    createInterface({input: child.stdout!}).on('line', line => this.arrived(JSON.parse(line) as Event))
    child.stderr!.on('data', (data: Buffer) => {
      this.stderr = (this.stderr + data.toString()).slice(-4000)
    })
    child.on('exit', code => {
      this.exited = new Error(`the client process ended with ${code}: ${this.stderr}`)
      for (const {failed} of this.waiting.splice(0)) failed(this.exited)
    })
  }

  /** @param through a command that runs the client. */
  static async start(setup: Setup, through: readonly string[] = []): Promise<RemoteClient> {
    const [command, ...args] = [...through, process.execPath, builtScript(script), JSON.stringify(setup)]
    const client = new RemoteClient(spawn(command!, args, {stdio: 'pipe'}))
    const {address, dhtKey, udpPort} = await client.next('ready')
    return Object.assign(client, {address, publicKey: address.slice(0, 64), dhtKey, udpPort})
  }

  send(command: Command): void {
    this.child.stdin!.write(`${JSON.stringify(command)}\n`)
  }

  /**
   * The next event of this kind (and for which `where` holds) that nobody has taken yet. @throws if the process ends
   * first.
   */
  next<K extends Event['event']>(kind: K, where: (event: EventOf<K>) => boolean = () => true): Promise<EventOf<K>> {
    const wants = (event: Event) => event.event === kind && where(event as EventOf<K>)
    const at = this.unread.findIndex(wants)
    if (at >= 0) return Promise.resolve(this.unread.splice(at, 1)[0] as EventOf<K>)
    if (this.exited) return Promise.reject(this.exited)
    return new Promise((done, failed) => this.waiting.push({wants, done: event => done(event as EventOf<K>), failed}))
  }

  /** The events that nobody has taken before the next one of a kind for which `where` holds, which is taken, too. */
  async before<K extends Event['event']>(kind: K, where: (event: EventOf<K>) => boolean): Promise<Event[]> {
    await this.next(kind, where)
    return this.unread.splice(0)
  }

  /** Drop the events of a kind that nobody has taken. */
  forget(kind: Event['event']): void {
    this.unread.splice(0, this.unread.length, ...this.unread.filter(({event}) => event !== kind))
  }

  /** End the process as a client leaves (its connections are closed). */
  async quit(): Promise<void> {
    if (this.exited) return
    const ended = new Promise(done => this.child.once('exit', done))
    this.child.stdin!.end()
    await ended
  }

  /** End the process as a crash does: the system closes its connections. */
  async crash(): Promise<void> {
    const ended = new Promise(done => this.child.once('exit', done))
    this.child.kill('SIGKILL')
    await ended
  }

  private arrived(event: Event): void {
    const at = this.waiting.findIndex(({wants}) => wants(event))
    if (at < 0) this.unread.push(event)
    else this.waiting.splice(at, 1)[0]!.done(event)
  }
}

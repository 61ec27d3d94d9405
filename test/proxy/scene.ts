import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net'
import {Inspection} from '../../src/proxy/inspection/inspection.js'
import type {ProxyEvent} from '../../src/proxy/inspection/proxy-event.js'
import {LiveProxy, type ProxyOptions} from '../../src/proxy/proxy.js'

/**
 * All bytes that a socket gives until its end; `count` of them are there, or the end came, when the promises resolve.
 */
export class Received {
  readonly socket: Socket
  readonly chunks: Buffer[] = []
  length = 0
  ended = false
  error: string | undefined
  #check = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes: Buffer) => {
      this.chunks.push(bytes)
      this.length += bytes.length
      this.#check()
    })
    socket.on('end', () => {
      this.ended = true
      this.#check()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message
      this.#check()
    })
    socket.on('close', () => this.#check())
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }

  #until(holds: () => boolean, what: string): Promise<void> {
    return new Promise((done, failed) => {
      this.#check = () => {
        if (holds()) done()
        else if (this.socket.closed)
          failed(new Error(`the socket closed before ${what} (${this.length} bytes, ${this.error ?? 'no error'})`))
      }
      this.#check()
    })
  }

  count(length: number): Promise<void> {
    return this.#until(() => this.length >= length, `${length} bytes`)
  }

  end(): Promise<void> {
    return this.#until(() => this.ended, 'its end')
  }

  reset(): Promise<void> {
    return this.#until(() => this.error === 'ECONNRESET', 'a reset')
  }
}

/** A server for the far end, with the sockets it accepted, in order. */
export class Far {
  readonly server: Server
  port = 0
  readonly #accepted: Socket[] = []
  readonly #wanted: ((socket: Socket) => void)[] = []

  private constructor(server: Server) {
    this.server = server
  }

  static async start(host = '127.0.0.1'): Promise<Far> {
    const far = new Far(createServer({allowHalfOpen: true, noDelay: true}))
    far.server.on('connection', socket => {
      socket.on('error', () => {})
      const wanted = far.#wanted.shift()
      if (wanted) wanted(socket)
      else far.#accepted.push(socket)
    })
    far.server.listen(0, host)
    await once(far.server, 'listening')
    far.port = (far.server.address() as AddressInfo).port
    return far
  }

  next(): Promise<Socket> {
    const socket = this.#accepted.shift()
    return socket ? Promise.resolve(socket) : new Promise(done => this.#wanted.push(done))
  }
}

/** Keeps what it is told, and lets one wait for more. */
export class Witness {
  readonly events: ProxyEvent[] = []
  readonly errors: unknown[] = []
  #check = () => {}
  readonly observe = (event: ProxyEvent) => {
    this.events.push(event)
    this.#check()
  }
  readonly observeFailed = (error: unknown) => {
    this.errors.push(error)
  }

  of<K extends ProxyEvent['kind']>(kind: K): Extract<ProxyEvent, {kind: K}>[] {
    return this.events.filter(event => event.kind === kind) as Extract<ProxyEvent, {kind: K}>[]
  }

  /** When this many events of the kind are there. */
  until<K extends ProxyEvent['kind']>(kind: K, count = 1): Promise<Extract<ProxyEvent, {kind: K}>[]> {
    return new Promise(done => {
      this.#check = () => {
        const found = this.of(kind)
        if (found.length >= count) done(found)
      }
      this.#check()
    })
  }

  /** The bytes of one end of a connection. */
  stream(connection: number, end: 0 | 1): Buffer {
    return Buffer.concat(
      this.of('chunk').flatMap(({chunk}) =>
        chunk.connection === connection && chunk.end === end && chunk.bytes ? [chunk.bytes] : [],
      ),
    )
  }

  closes(connection: number): string[] {
    return this.of('chunk').flatMap(({chunk}) =>
      chunk.connection === connection && chunk.close ? [`${chunk.end} ${chunk.close}`] : [],
    )
  }
}

/** A proxy on a free port, what it tells, and a client that connects through it. */
export class Scene {
  readonly proxy: LiveProxy
  readonly witness: Witness
  constructor(proxy: LiveProxy, witness: Witness) {
    this.proxy = proxy
    this.witness = witness
  }

  static async start(options: Partial<ProxyOptions> = {}): Promise<Scene> {
    const witness = new Witness()
    const {observe, observeFailed} = witness
    const inspection = new Inspection(observe, observeFailed)
    return new Scene(await LiveProxy.start({listen: [{host: '127.0.0.1', port: 0}], inspection, ...options}), witness)
  }

  get port(): number {
    return this.proxy.bound[0]!.port
  }

  async client(): Promise<Socket> {
    const socket = connect({port: this.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true})
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }
}

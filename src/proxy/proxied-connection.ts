import type {Socket} from 'node:net'
import {type Endpoint, noBytes} from '../wire/chunk.js'
import type {Sender} from '../wire/side.js'
import type {ConnectionContext, Rewritten} from './connection-context.js'
import type {EmbeddedRelay} from './embedded/embedded-relay.js'
import {isAllowed} from './explicit/access.js'
import {type Address, addressText, plainAddress} from './explicit/address.js'
import {type RequestOutcome, readRequest} from './explicit/request.js'
import {LegWatcher, type ProxyEvent, type Via} from './inspection/proxy-event.js'
import {holdUntilDecided} from './intercept/hold-until-decided.js'
import {Intercept} from './intercept/intercept.js'
import type {InjectedAs} from './intercept/intercept-event.js'
import {type Dialled, dial} from './net/dial.js'
import {EarlyBytes} from './net/early-bytes.js'
import {Forward} from './net/forward.js'
import type {ForwardCause, ForwardOptions, StreamEnd} from './net/forward-options.js'
import {ImpairedLine, type LineImpairments, seededRandom} from './net/impairments.js'
import {reset} from './net/reset.js'
import type {SideSocket} from './net/side-socket.js'

type Ending = Pick<Extract<ProxyEvent, {kind: 'closed'}>, 'cause' | 'detail' | 'bytes'>

const nothingPassed = {client: 0, relay: 0}
const hasLineImpairments = ({
  latencyMilliseconds,
  jitterMilliseconds,
  bytesPerSecond,
  splitBytes,
}: LineImpairments): boolean => [latencyMilliseconds, jitterMilliseconds, bytesPerSecond, splitBytes].some(Boolean)

/** One client's connection, from its accepted socket to the end of both legs. */
export class ProxiedConnection {
  /** Resolves when both sockets are closed and the end was reported. Never rejects. */
  readonly done: Promise<void>
  readonly #client: Socket
  readonly #number: number
  readonly #context: ConnectionContext
  readonly #watcher: LegWatcher
  #relay: Socket | undefined
  #early: EarlyBytes | undefined
  #forward: Forward | undefined
  #intercept: Intercept | undefined
  /** Why the proxy ended the connection before it forwarded anything. */
  #given: ForwardCause | 'handshake_timeout' | undefined

  constructor(client: Socket, number: number, context: ConnectionContext) {
    this.#client = client
    this.#number = number
    this.#context = context
    this.#watcher = new LegWatcher(number, context.inspection, context.now)
    client.on('error', () => {})
    this.done = this.#run()
  }

  /** End both streams in order (FIN). */
  stop(): void {
    if (this.#forward) this.#forward.stop()
    else this.#giveUp('stopped')
  }

  /** Whether its client has left before the relay was reached, so that its place can be given to another client. */
  get isExpendable(): boolean {
    return this.#early?.isIdle === true
  }

  /**
   * Send a packet that no peer sends now.
   * @returns whether it was sent: not unless the connection is intercepted and has session keys, nor after that side's
   *   stream was ended.
   * @throws RangeError over 65519 bytes.
   */
  inject(to: Sender, plain: Uint8Array, as: InjectedAs = 'injected'): boolean {
    if (!this.#intercept || !this.#forward?.isOpen(to)) return false
    const outgoing = this.#intercept.inject(to, plain, as)
    const isSent = outgoing[to].length > 0
    this.#forward.send(outgoing)
    return isSent
  }

  async #run(): Promise<void> {
    const {inspection, now, handshakeSeconds} = this.#context
    const {remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0} = this.#client
    const client = {ip: plainAddress(remoteAddress), port: remotePort}
    const listener = {ip: plainAddress(localAddress), port: localPort}
    inspection.push({kind: 'opened', connection: this.#number, time: now(), client, listener}, 0)
    const closed = new Promise<void>(done => (this.#client.closed ? done() : this.#client.once('close', () => done())))
    const deadline =
      handshakeSeconds > 0 ? setTimeout(() => this.#giveUp('handshake_timeout'), handshakeSeconds * 1000) : undefined
    const ending = await this.#serve(() => clearTimeout(deadline))
    clearTimeout(deadline)
    await closed
    this.#watcher.over()
    inspection.push({kind: 'closed', connection: this.#number, time: now(), ...ending}, 0)
  }

  async #serve(forwarding: () => void): Promise<Ending> {
    const {upstream, embedded, access = {}} = this.#context
    if (embedded?.servesAll) return this.#embed(embedded.relay, noBytes, forwarding)
    const asked = upstream ? undefined : await this.#ask()
    if (embedded && asked?.kind === 'no_destination' && !this.#given)
      return this.#embed(embedded.relay, asked.bytes, forwarding)
    if (asked && asked.kind !== 'connect') return this.#unserved(asked)
    const destination = asked?.destination ?? upstream!
    if (asked && !isAllowed(destination, plainAddress(this.#client.remoteAddress ?? ''), access))
      return this.#undialled({kind: 'failed', cause: 'not_allowed', detail: 'see --allow'}, destination, asked)
    const {socket, outcome} = dial(destination)
    this.#relay = socket
    this.#early = new EarlyBytes(this.#client, asked?.rest.length ?? 0)
    const dialled = await Promise.race([outcome, this.#early.left])
    const held = this.#early.take()
    this.#early = undefined
    if (this.#given || dialled.kind !== 'connected') socket.destroy()
    if (this.#given) return {cause: this.#given, bytes: nothingPassed}
    if (dialled.kind === 'left') return this.#left(dialled.how)
    if (dialled.kind === 'failed') return this.#undialled(dialled, destination, asked)
    const relay = {ip: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0}
    this.#reached(relay, destination, asked?.via ?? 'upstream')
    if (asked)
      this.#answer(
        asked.request.connected({host: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0}),
      )
    forwarding()
    this.#forward = this.#start(socket, relay, {requested: asked?.rest ?? noBytes, early: held, answersAtOnce: false})
    return this.#forward.done
  }

  /** Let the embedded relay serve the client. @param requested bytes that the client has sent already. */
  #embed(embedded: EmbeddedRelay, requested: Uint8Array, forwarding: () => void): Promise<Ending> {
    const {inspection, now, intercept} = this.#context
    const relay = {ip: plainAddress(this.#client.localAddress ?? ''), port: this.#client.localPort ?? 0}
    this.#reached(relay, {host: relay.ip, port: relay.port}, 'embedded')
    forwarding()
    const socket = embedded.connect(this.#number, plainAddress(this.#client.remoteAddress ?? ''), {
      session: session => {
        if (intercept) return
        const event = {kind: 'session', session} as const
        inspection.push({kind: 'intercept', connection: this.#number, time: now(), event}, 0)
      },
      ending: cause => this.#watcher.ending(cause),
    })
    this.#forward = this.#start(socket, relay, {requested, early: noBytes, answersAtOnce: true})
    return this.#forward.done
  }

  #ask(): Promise<RequestOutcome> {
    return readRequest(
      this.#client,
      bytes => this.#answer(bytes),
      bytes => this.#watcher.bytes('client', bytes),
      this.#context.access?.login,
    )
  }

  /** Write an answer of the proxy itself to the client. */
  #answer(bytes: Uint8Array): void {
    if (!this.#client.writable) return
    this.#client.write(bytes)
    this.#watcher.bytes('relay', bytes)
  }

  #unserved(asked: Exclude<RequestOutcome, {kind: 'connect'}>): Ending {
    if (this.#given) return {cause: this.#given, bytes: nothingPassed}
    if (asked.kind === 'gone') return this.#left(asked.how)
    this.#leave()
    if (asked.kind === 'refused') return {cause: 'request_refused', detail: asked.reason, bytes: nothingPassed}
    const detail =
      'its first bytes are neither a SOCKS5 nor an HTTP CONNECT request; with --upstream all clients reach one relay'
    return {cause: 'no_destination', detail, bytes: nothingPassed}
  }

  /** The client left before anything could be forwarded. */
  #left(how: StreamEnd): Ending {
    this.#watcher.ended('client', how)
    if (how === 'fin') this.#leave()
    return {cause: `client_${how}`, bytes: nothingPassed}
  }

  #undialled(
    dialled: Extract<Dialled, {kind: 'failed'}>,
    destination: Address,
    asked: Extract<RequestOutcome, {kind: 'connect'}> | undefined,
  ): Ending {
    if (asked) {
      this.#answer(asked.request.failed(dialled.cause))
      this.#leave()
    } else {
      // Without the proxy, the client's own connect would have failed.
      reset(this.#client)
      this.#watcher.ended('relay', 'rst')
    }
    return {
      cause: `dial_${dialled.cause}`,
      detail: `${addressText(destination)}: ${dialled.detail}`,
      bytes: nothingPassed,
    }
  }

  #reached(relay: Endpoint, destination: Address, via: Via): void {
    const {host, port} = destination
    this.#context.inspection.push(
      {kind: 'connected', connection: this.#number, time: this.#context.now(), relay, destination: {host, port}, via},
      0,
    )
  }

  /** End the client's stream, and close the socket once all that was written is sent. */
  #leave(): void {
    this.#client.resume()
    this.#client.destroySoon()
    this.#watcher.ended('relay', 'fin')
  }

  #giveUp(cause: 'stopped' | 'handshake_timeout'): void {
    if (this.#given || this.#forward) return
    this.#given = cause
    this.#relay?.destroy()
    this.#client.destroy()
  }

  #rewritten(relay: Endpoint): Rewritten {
    const client = {ip: plainAddress(this.#client.remoteAddress ?? ''), port: this.#client.remotePort ?? 0}
    return {number: this.#number, client, relay, inject: (to, plain, as) => this.inject(to, plain, as)}
  }

  /** @param address of the relay. */
  #start(
    relay: SideSocket,
    address: Endpoint,
    {requested, early, answersAtOnce}: Pick<ForwardOptions, 'requested' | 'early' | 'answersAtOnce'>,
  ): Forward {
    const {impairments, idleSeconds, intercept, inspection, now, scheduler} = this.#context
    if (intercept) {
      const {box, secrets, random, rewriter} = intercept
      this.#intercept = new Intercept({
        box,
        secrets,
        random,
        ...(rewriter && {rewrite: rewriter(this.#rewritten(address))}),
        report: event => inspection.push({kind: 'intercept', connection: this.#number, time: now(), event}, 0),
      })
    }
    const lines = impairments && hasLineImpairments(impairments)
    return new Forward({
      client: this.#client,
      relay,
      requested,
      early,
      answersAtOnce,
      watch: this.#watcher,
      idleSeconds,
      ...(this.#intercept && {transform: holdUntilDecided(this.#intercept, outgoing => this.#forward?.send(outgoing))}),
      ...(lines && {
        line: (to, outlet) =>
          new ImpairedLine(
            outlet,
            impairments,
            scheduler,
            seededRandom(impairments.seed, this.#number, to === 'client' ? 0 : 1),
          ),
      }),
      ...(impairments?.closeAfterBytes !== undefined && {closeAfterBytes: impairments.closeAfterBytes}),
      ...(impairments?.closeAfterSeconds !== undefined && {closeAfterSeconds: impairments.closeAfterSeconds}),
    })
  }
}

import {noBytes} from '../../wire/chunk.js'
import {otherSender, type Sender} from '../../wire/side.js'
import type {Outgoing} from '../intercept/transform.js'
import {lingerSeconds} from '../limits.js'
import type {ForwardCause, Forwarded, ForwardOptions} from './forward-options.js'
import {type Outlet, SocketOutlet} from './outlet.js'
import {reset} from './reset.js'
import type {SideSocket} from './side-socket.js'

/**
 * Carries bytes between two sockets in order. Reads each side no faster than the other side takes its bytes, and passes
 * on a FIN as FIN and an RST as RST.
 */
export class Forward {
  /** Resolves when both sockets are closed. */
  readonly done: Promise<Forwarded>
  readonly #options: ForwardOptions
  readonly #sockets: Readonly<Record<Sender, SideSocket>>
  readonly #outlets: Readonly<Record<Sender, Outlet>>
  readonly #bytes: Record<Sender, number> = {client: 0, relay: 0}
  readonly #congested = new Set<Sender>()
  /** Sides to which the proxy has ended its stream. */
  readonly #ended = new Set<Sender>()
  readonly #seconds: NodeJS.Timeout | undefined
  #linger: NodeJS.Timeout | undefined
  #passed = 0
  #cause: ForwardCause | undefined
  #failure: unknown
  #over = false

  constructor(options: ForwardOptions) {
    const {client, relay, watch, line = (_to, outlet) => outlet, idleSeconds, closeAfterSeconds} = options
    this.#options = options
    this.#sockets = {client, relay}
    this.#outlets = {
      client: line(
        'client',
        new SocketOutlet(
          client,
          (bytes, isTaken) => watch.bytes('relay', bytes, isTaken),
          () => watch.ended('relay', 'fin'),
        ),
      ),
      relay: line('relay', new SocketOutlet(relay)),
    }
    this.done = Promise.all([this.#closed('client'), this.#closed('relay')]).then(() => this.#settle())
    // Every byte that passes makes the client's socket active, so its timer is enough while it is open. The relay's
    // socket can outlast it if the relay does not read.
    const idle = () => this.#finish('idle')
    client.setTimeout(idleSeconds * 1000, idle).once('close', () => relay.setTimeout(idleSeconds * 1000, idle))
    if (closeAfterSeconds !== undefined)
      this.#seconds = setTimeout(() => this.#finish('close_after'), closeAfterSeconds * 1000)
    const {requested, early} = options
    if (requested.length > 0) this.#arrived('client', requested, () => {})
    if (early.length > 0) this.#arrived('client', early, isTaken => watch.bytes('client', early, isTaken))
    this.#read('client')
    this.#read('relay')
  }

  /** Write bytes that a transform made by itself. */
  send(outgoing: Outgoing): void {
    this.#write('client', outgoing.client)
    this.#write('relay', outgoing.relay)
    this.#finishIfSpent()
  }

  /** Whether bytes can still be sent to this side. */
  isOpen(to: Sender): boolean {
    return !this.#over && !this.#ended.has(to)
  }

  /** End both streams now. */
  stop(): void {
    this.#finish('stopped')
  }

  #read(side: Sender): void {
    const socket = this.#sockets[side]
    this.#outlets[side].drained = () => this.#drained(side)
    const {watch} = this.#options
    socket.on('data', (bytes: Buffer) =>
      this.#arrived(side, bytes, isTaken => side === 'client' && watch.bytes('client', bytes, isTaken)),
    )
    socket.on('end', () => this.#fin(side))
    socket.on('error', () => this.#rst(side))
    // The end may have been reported before anybody listened for it.
    if (socket.destroyed) this.#rst(side)
    else if (socket.readableEnded) this.#fin(side)
    if (!this.#congested.size) socket.resume()
  }

  /**
   * @param heard called after the bytes, or their replacement, were passed on, or before if the relay answers at once;
   * and before the sender gets an answer of the transform.
   */
  #arrived(side: Sender, bytes: Uint8Array, heard: (isTaken: boolean) => void): void {
    if (this.#over) {
      heard(false)
      return
    }
    this.#bytes[side] += bytes.length
    const {transform, answersAtOnce = false} = this.#options
    const outgoing = transform && this.#transformed(() => transform.received(side, bytes))
    const onward = outgoing ? outgoing[otherSender(side)] : transform ? noBytes : bytes
    if (answersAtOnce) heard(false)
    this.#write(otherSender(side), onward)
    if (!answersAtOnce) heard(transform !== undefined || this.#outlets[otherSender(side)].isEmpty)
    if (outgoing) this.#write(side, outgoing[side])
    if (transform && !outgoing) this.#finish('intercept_failed')
    else this.#finishIfSpent()
  }

  /** @returns undefined if it threw: then nobody knows which bytes the sides should get. */
  #transformed(run: () => Outgoing): Outgoing | undefined {
    try {
      return run()
    } catch (error) {
      this.#failure = error
      return undefined
    }
  }

  #write(to: Sender, bytes: Uint8Array): void {
    const left = (this.#options.closeAfterBytes ?? Number.POSITIVE_INFINITY) - this.#passed
    if (bytes.length === 0 || left <= 0 || this.#over) return
    const room = this.#outlets[to].write(bytes.length > left ? bytes.subarray(0, left) : bytes)
    this.#passed += bytes.length
    if (!room) this.#hold(to)
  }

  #finishIfSpent(): void {
    if (this.#passed >= (this.#options.closeAfterBytes ?? Number.POSITIVE_INFINITY)) this.#finish('close_after')
  }

  /** Stop reading the bytes for this side; with a transform, which may answer a side by itself, also this side. */
  #hold(to: Sender): void {
    this.#congested.add(to)
    this.#sockets[otherSender(to)].pause()
    if (this.#options.transform) this.#sockets[to].pause()
  }

  #drained(side: Sender): void {
    this.#congested.delete(side)
    for (const each of ['client', 'relay'] as const) {
      const blocked =
        this.#congested.has(otherSender(each)) || (this.#options.transform !== undefined && this.#congested.has(each))
      if (!blocked) this.#sockets[each].resume()
    }
  }

  #fin(side: Sender): void {
    if (this.#over) return
    this.#cause ??= `${side}_fin`
    if (side === 'client') this.#options.watch.ended('client', 'fin')
    const {transform} = this.#options
    const outgoing = transform && this.#transformed(() => transform.ended(side))
    if (outgoing) this.send(outgoing)
    this.#ended.add(otherSender(side))
    this.#outlets[otherSender(side)].end()
  }

  #rst(side: Sender): void {
    if (this.#over) {
      // Bytes that an impaired line still holds for it cannot be sent.
      this.#expire()
      return
    }
    this.#cause ??= `${side}_rst`
    this.#options.watch.ended(side, 'rst')
    this.#over = true
    for (const outlet of Object.values(this.#outlets)) outlet.drop()
    this.#sockets[side].destroy()
    reset(this.#sockets[otherSender(side)])
  }

  /**
   * End both streams from the proxy: written bytes are still sent, received bytes are ignored, and after lingerSeconds
   * both sockets are destroyed whatever the peers do.
   */
  #finish(cause: ForwardCause): void {
    const isPatient = cause === 'close_after' && !this.#over
    if (!this.#over) this.#end(cause, isPatient ? () => this.#expire() : () => {})
    if (!isPatient) this.#expire()
  }

  /** @param gone called when both FINs are sent, which a slow line delays until the bytes before them are sent. */
  #end(cause: ForwardCause, gone: () => void): void {
    if (this.#cause === undefined) this.#options.watch.ending(cause)
    this.#cause ??= cause
    this.#over = true
    let left = 2
    for (const side of ['client', 'relay'] as const) {
      this.#outlets[side].end(() => --left === 0 && gone())
      this.#sockets[side].resume()
    }
  }

  #expire(): void {
    this.#linger ??= setTimeout(() => this.#abandon(), lingerSeconds * 1000)
  }

  #abandon(): void {
    this.#over = true
    for (const side of ['client', 'relay'] as const) {
      this.#outlets[side].drop()
      this.#sockets[side].destroy()
    }
  }

  #closed(side: Sender): Promise<void> {
    const socket = this.#sockets[side]
    return new Promise(done => (socket.closed ? done() : socket.once('close', () => done())))
  }

  #settle(): Forwarded {
    clearTimeout(this.#seconds)
    clearTimeout(this.#linger)
    const {message} =
      this.#failure instanceof Error
        ? this.#failure
        : {message: this.#failure === undefined ? undefined : String(this.#failure)}
    return {cause: this.#cause ?? 'stopped', bytes: this.#bytes, ...(message !== undefined && {detail: message})}
  }
}

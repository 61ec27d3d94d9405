import type {TcpSessionItem} from '../../crypto/key-item.js'
import {finding} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import type {Verdict} from '../../session/recognition/tox-detector.js'
import type {Chunk, Endpoint} from '../../wire/chunk.js'
import type {Inspecting} from '../inspection/inspection.js'
import {ProxiedDetector} from '../inspection/proxied-detector.js'
import type {ProxyEvent} from '../inspection/proxy-event.js'
import {notesPerPacket} from '../limits.js'
import {closingReason} from '../net/causes.js'
import {commentOf, notesOf, type RecordedNote} from './recorded-notes.js'
import type {Recorder} from './recorder.js'

type Of<K extends ProxyEvent['kind']> = Extract<ProxyEvent, {kind: K}>

/** A connection that is or may become part of the recording. */
interface Tracked {
  readonly opened: Of<'opened'>
  /** The relay's address; before it is reached, the address that the client connected to. */
  relay: Endpoint
  /** Until it is decided whether the connection is Tox. */
  detector: ProxiedDetector | undefined
  /** Events that wait for that decision. */
  held: {readonly event: ProxyEvent; readonly bytes: number}[]
  key: TcpSessionItem | undefined
  isRecorded: boolean
  /** What the proxy did since the last recorded packet, for the comment of the next one. */
  notes: RecordedNote[]
}

/**
 * Records events before it passes them to the inspection, in the same turn of the event loop in which a socket was
 * given its bytes: a killed process has lost no more than that turn, even if the inspection lags. Only Tox connections
 * are recorded; until it is known whether a connection is Tox, its first chunks wait here.
 */
export class Recording implements Inspecting<ProxyEvent> {
  readonly #recorder: Recorder
  readonly #inspection: Inspecting<ProxyEvent>
  readonly #isTox: boolean
  readonly #tracked = new Map<number, Tracked>()

  /** @param isTox true: take every connection for Tox, whatever its bytes are. */
  constructor(recorder: Recorder, inspection: Inspecting<ProxyEvent>, isTox: boolean) {
    this.#recorder = recorder
    this.#inspection = inspection
    this.#isTox = isTox
  }

  push(event: ProxyEvent, bytes: number): boolean {
    if (this.#recorder.hasFailed) return this.#inspection.push(event, bytes)
    let onward: ProxyEvent | undefined = event
    try {
      onward = this.#record(event, bytes)
      this.#recorder.flush()
    } catch (error) {
      if (this.#isHeld(event)) onward = undefined
      this.#fail(error)
    }
    return onward === undefined || this.#inspection.push(onward, bytes)
  }

  idle(): Promise<void> {
    return this.#inspection.idle()
  }

  /** The inspection found the key of a connection's frames. */
  key(connection: number, item: TcpSessionItem): void {
    if (this.#recorder.hasFailed) return
    try {
      this.#recorder.key(connection, item)
      this.#recorder.flush()
    } catch (error) {
      this.#fail(error)
    }
  }

  /**
   * @returns the event to pass on, with the number of its packet; undefined if it waits, or was passed on after those
   * that waited.
   */
  #record(event: ProxyEvent, bytes: number): ProxyEvent | undefined {
    const number =
      event.kind === 'chunk' ? event.chunk.connection : 'connection' in event ? event.connection : undefined
    if (number === undefined) return event
    if (event.kind === 'opened') this.#tracked.set(number, this.#opened(event))
    const tracked = this.#tracked.get(number)
    if (!tracked) return event
    if (event.kind === 'connected') {
      tracked.relay = event.relay
      tracked.detector?.reached()
    } else if (event.kind === 'intercept') this.#intercepted(tracked, event)
    else if (event.kind === 'closed') this.#closed(tracked, number)
    if (event.kind === 'opened' || event.kind === 'connected' || event.kind === 'closed') return event
    if (!tracked.detector) return tracked.isRecorded ? this.#pass(tracked, event) : event
    tracked.held.push({event, bytes})
    const verdict = event.kind === 'chunk' ? tracked.detector.push(event.chunk) : undefined
    if (verdict) this.#decide(tracked, verdict)
    return undefined
  }

  #opened(opened: Of<'opened'>): Tracked {
    const tracked: Tracked = {
      opened,
      relay: opened.listener,
      detector: undefined,
      held: [],
      key: undefined,
      isRecorded: false,
      notes: [],
    }
    tracked.detector = new ProxiedDetector(() => ({isTox: this.#isTox || tracked.key !== undefined}))
    return tracked
  }

  #intercepted(tracked: Tracked, {event, connection}: Of<'intercept'>): void {
    if (event.kind !== 'session') return
    tracked.key = {kind: 'tcp_session', ...event.session}
    if (tracked.isRecorded) this.#recorder.key(connection, tracked.key)
  }

  #closed(tracked: Tracked, number: number): void {
    if (tracked.detector) this.#decide(tracked, tracked.detector.end())
    this.#recorder.flush()
    this.#recorder.forget(number)
    this.#tracked.delete(number)
  }

  #decide(tracked: Tracked, verdict: Verdict): void {
    tracked.detector = undefined
    const {opened, relay, held, key} = tracked
    const isTox = verdict.kind === 'tox'
    if (isTox) {
      this.#recorder.rotateIfDue(opened.time)
      const [client, answer] = verdict.prelude?.bytes ?? [0, 0]
      this.#recorder.open(
        opened.connection,
        [opened.client, relay],
        [client + limits.clientHandshake, answer + limits.relayHandshake],
        key,
      )
      tracked.isRecorded = true
    }
    // Taken out one by one: if the recorder fails, no event may be passed on twice.
    for (let next = held[0]; next; next = held[0]) {
      const event = isTox ? this.#pass(tracked, next.event) : next.event
      held.shift()
      this.#handOn(event, next.bytes)
    }
  }

  /** Record an event of a Tox connection. */
  #pass(tracked: Tracked, event: ProxyEvent): ProxyEvent {
    if (event.kind === 'chunk') return this.#chunk(tracked, event)
    if (event.kind === 'intercept') tracked.notes.push(...notesOf(event.event))
    else if (event.kind === 'ending') {
      const why = closingReason(event.cause)
      tracked.notes.push({from: 'relay', index: null, finding: finding('closed-by-proxy', {why})})
    }
    tracked.notes.splice(notesPerPacket)
    return event
  }

  #chunk(tracked: Tracked, event: Of<'chunk'>): ProxyEvent {
    const {chunk} = event
    const {connection, end, bytes, close} = chunk
    const time = chunk.time!
    this.#recorder.rotateIfDue(time)
    const comment = bytes || close === 'fin' || close === 'rst' ? commentOf(tracked.notes.splice(0)) : ''
    if (bytes) {
      const origin = {packet: this.#recorder.bytes(connection, end, bytes, comment), offset: 0}
      return {...event, chunk: {connection, end, time, bytes, origin}}
    }
    if (close !== 'fin' && close !== 'rst') return event
    const packet = this.#recorder.end(connection, end, close, comment)
    return {kind: 'chunk', chunk: {...chunk, origin: {packet, offset: 0}}}
  }

  /** Pass on a held event, or a gap if the inspection has no room for it. */
  #handOn(event: ProxyEvent, bytes: number): void {
    if (this.#inspection.push(event, bytes) || event.kind !== 'chunk') return
    const {connection, end, time}: Chunk = event.chunk
    this.#inspection.push({kind: 'chunk', chunk: {connection, end, time, gap: bytes}}, 0)
  }

  #isHeld(event: ProxyEvent): boolean {
    return [...this.#tracked.values()].some(({held}) => held.at(-1)?.event === event)
  }

  /** Stop recording, and pass all held events to the inspection. */
  #fail(error: unknown): void {
    for (const {held} of this.#tracked.values()) for (const {event, bytes} of held.splice(0)) this.#handOn(event, bytes)
    this.#tracked.clear()
    this.#recorder.fail(error)
  }
}

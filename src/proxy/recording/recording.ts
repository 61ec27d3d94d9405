import type {TcpSessionItem} from '../../crypto/key-item.js'
import {limits} from '../../protocol/limits.js'
import {ToxDetector, type Verdict} from '../../session/recognition/tox-detector.js'
import type {Chunk, Endpoint} from '../../wire/chunk.js'
import type {Inspecting} from '../inspection/inspection.js'
import type {ProxyEvent} from '../inspection/proxy-event.js'
import type {Recorder} from './recorder.js'

type Of<K extends ProxyEvent['kind']> = Extract<ProxyEvent, {kind: K}>

/** A connection on its way into the recording. */
interface Tracked {
  readonly opened: Of<'opened'>
  /** As it was reached; before that, where the client connected to. */
  relay: Endpoint
  /** Until it is decided whether the connection is Tox. */
  recogniser: ToxDetector | undefined
  /** What waits for that. */
  held: {readonly event: ProxyEvent; readonly bytes: number}[]
  key: TcpSessionItem | undefined
  isRecorded: boolean
}

/**
 * Stands before the inspection and records what it is told: in the same turn in which a socket was given its bytes, so
 * that a process that is killed has lost no more than that, however far behind the inspection is. What is no Tox is not
 * recorded; until that is known, a connection's first chunks wait here.
 */
export class Recording implements Inspecting<ProxyEvent> {
  readonly #recorder: Recorder
  readonly #inspection: Inspecting<ProxyEvent>
  readonly #isTox: boolean
  readonly #tracked = new Map<number, Tracked>()

  /** @param isTox every connection goes to a relay, whatever it looks like. */
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

  /** The key of a connection's frames was found by looking at it. */
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
   * @returns the event to hand on, with the number of its packet; undefined if it waits, or was handed on behind those
   * that had waited.
   */
  #record(event: ProxyEvent, bytes: number): ProxyEvent | undefined {
    const number =
      event.kind === 'chunk' ? event.chunk.connection : event.kind === 'turned_away' ? -1 : event.connection
    if (event.kind === 'opened') this.#tracked.set(number, this.#opened(event))
    const tracked = this.#tracked.get(number)
    if (!tracked) return event
    if (event.kind === 'connected') tracked.relay = event.relay
    else if (event.kind === 'intercept') this.#intercepted(tracked, event)
    else if (event.kind === 'closed') this.#closed(tracked, number)
    if (event.kind === 'opened' || event.kind === 'connected' || event.kind === 'closed') return event
    if (!tracked.recogniser) return event.kind === 'chunk' && tracked.isRecorded ? this.#chunk(event) : event
    tracked.held.push({event, bytes})
    const verdict = event.kind === 'chunk' ? tracked.recogniser.push(event.chunk) : undefined
    if (verdict) this.#decide(tracked, verdict)
    return undefined
  }

  #opened(opened: Of<'opened'>): Tracked {
    const tracked: Tracked = {
      opened,
      relay: opened.listener,
      recogniser: undefined,
      held: [],
      key: undefined,
      isRecorded: false,
    }
    tracked.recogniser = new ToxDetector(() => ({
      hasSyn: true,
      isTox: this.#isTox || tracked.key !== undefined,
      relayEnd: 1,
    }))
    return tracked
  }

  #intercepted(tracked: Tracked, {event, connection}: Of<'intercept'>): void {
    if (event.kind !== 'session') return
    tracked.key = {kind: 'tcp_session', ...event.session}
    if (tracked.isRecorded) this.#recorder.key(connection, tracked.key)
  }

  #closed(tracked: Tracked, number: number): void {
    if (tracked.recogniser) this.#decide(tracked, tracked.recogniser.end())
    this.#recorder.flush()
    this.#recorder.forget(number)
    this.#tracked.delete(number)
  }

  #decide(tracked: Tracked, verdict: Verdict): void {
    tracked.recogniser = undefined
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
    // Taken out one by one: what was handed on must not be again if the recorder fails.
    for (let next = held[0]; next; next = held[0]) {
      const event = isTox && next.event.kind === 'chunk' ? this.#chunk(next.event) : next.event
      held.shift()
      this.#handOn(event, next.bytes)
    }
  }

  #chunk(event: Of<'chunk'>): ProxyEvent {
    const {chunk} = event
    const {connection, end, bytes, close} = chunk
    const time = chunk.time!
    this.#recorder.rotateIfDue(time)
    if (bytes)
      return {
        kind: 'chunk',
        chunk: {...chunk, origin: {packet: this.#recorder.bytes(connection, end, bytes), offset: 0}},
      }
    if (close === 'fin' || close === 'rst') this.#recorder.end(connection, end, close)
    return event
  }

  /** What was held was taken: where there is no room for it any more, the gap is told here. */
  #handOn(event: ProxyEvent, bytes: number): void {
    if (this.#inspection.push(event, bytes) || event.kind !== 'chunk') return
    const {connection, end, time}: Chunk = event.chunk
    this.#inspection.push({kind: 'chunk', chunk: {connection, end, time, gap: bytes}}, 0)
  }

  #isHeld(event: ProxyEvent): boolean {
    return [...this.#tracked.values()].some(({held}) => held.at(-1)?.event === event)
  }

  /** Record no more: all that is held goes to the inspection. */
  #fail(error: unknown): void {
    for (const {held} of this.#tracked.values()) for (const {event, bytes} of held.splice(0)) this.#handOn(event, bytes)
    this.#tracked.clear()
    this.#recorder.fail(error)
  }
}

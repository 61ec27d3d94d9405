import {type Finding, finding} from '../../expert/finding.js'
import type {SessionRecord} from '../../session/record.js'
import type {Sender} from '../../wire/side.js'
import {marks as mostMarks} from '../limits.js'
import type {InterceptEvent} from './intercept-event.js'

/**
 * A packet that is not on the client's leg: what the relay sent before it was changed, or what it gets instead of what
 * the client sent.
 */
export interface SuppressedPacket {
  readonly from: Sender
  readonly plain: Uint8Array
  readonly finding: Finding
}

/** What a record of the client's leg is told besides, and what is shown behind it. */
export interface Marked {
  readonly findings: readonly Finding[]
  readonly behind: readonly SuppressedPacket[]
}

interface Mark {
  readonly finding: Finding
  readonly behind: readonly SuppressedPacket[]
}

type Rewriting = Extract<InterceptEvent, {kind: 'rewritten'}>

const none: Marked = {findings: [], behind: []}

/** What the interceptor did to one connection, kept until the record comes that it is about. */
export class InterceptAnnotations {
  /** By sender and frame index on the client's leg. */
  readonly #frames: Readonly<Record<Sender, Map<number, Mark>>> = {client: new Map(), relay: new Map()}
  readonly #next: Record<Sender, Finding[]> = {client: [], relay: []}

  /** @returns packets to be shown at once. */
  add(event: InterceptEvent): SuppressedPacket[] {
    switch (event.kind) {
      case 'session':
        return []
      case 'tap':
        this.#next.client.push(finding('not-intercepted', {reason: event.reason}))
        return []
      case 'broken':
        this.#next[event.from].push(finding('not-intercepted', {reason: brokenReason(event)}))
        return []
      case 'rewritten':
        return event.from === 'client' ? this.#ofClient(event) : this.#ofRelay(event)
      case 'rewrite_failed':
        this.#mark(
          event.from,
          event.from === 'client' ? event.index : event.next.client,
          finding('script-threw', {message: event.message}),
        )
        return []
      case 'injected': {
        const found = finding(event.isLate ? 'packet-late' : 'packet-injected', {})
        if (event.to === 'relay') return [{from: 'client', plain: event.plain, finding: found}]
        this.#mark('relay', event.index, found)
        return []
      }
    }
  }

  /** What is known of a record of this connection. */
  take({kind, from, index}: SessionRecord): Marked {
    if (from === null || (kind !== 'frame' && kind !== 'handshake')) return none
    const findings = this.#next[from].splice(0)
    const mark = kind === 'frame' && index !== null ? this.#frames[from].get(index) : undefined
    if (!mark) return findings.length > 0 ? {findings, behind: []} : none
    this.#frames[from].delete(index!)
    return {findings: [...findings, mark.finding], behind: mark.behind}
  }

  #ofClient(event: Rewriting): SuppressedPacket[] {
    const behind = event.onward.map(
      (plain): SuppressedPacket => ({from: 'client', plain, finding: finding('packet-instead', {})}),
    )
    this.#mark('client', event.index, fateOf(event), behind)
    for (const i of event.back.keys()) this.#mark('relay', event.next.client + i, finding('packet-injected', {}))
    return []
  }

  #ofRelay(event: Rewriting): SuppressedPacket[] {
    for (const i of event.onward.keys()) this.#mark('relay', event.next.client + i, finding('packet-instead', {}))
    const original: SuppressedPacket = {from: 'relay', plain: event.plain, finding: fateOf(event)}
    return [
      original,
      ...event.back.map(
        (plain): SuppressedPacket => ({from: 'client', plain, finding: finding('packet-injected', {})}),
      ),
    ]
  }

  #mark(from: Sender, index: number, found: Finding, behind: readonly SuppressedPacket[] = []): void {
    const marks = this.#frames[from]
    // Where frames are never read, nobody takes their marks.
    if (marks.size >= mostMarks) marks.clear()
    marks.set(index, {finding: found, behind})
  }
}

function fateOf({onward, delayMilliseconds}: Rewriting): Finding {
  if (delayMilliseconds !== undefined) return finding('packet-delayed', {milliseconds: delayMilliseconds})
  return onward.length > 0 ? finding('packet-changed', {count: onward.length}) : finding('packet-dropped', {})
}

const brokenReason = ({from, fault}: {from: Sender; fault: 'handshake' | 'length' | 'mac'}): string =>
  fault === 'length'
    ? `the ${from} announces a frame that no receiver accepts`
    : `the ${from}'s ${fault === 'mac' ? 'frame' : 'handshake'} does not open`

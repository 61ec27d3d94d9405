import {type Finding, finding} from '../../expert/finding.js'
import type {SessionRecord} from '../../session/record.js'
import type {Sender} from '../../wire/side.js'
import {annotatedFrames} from '../limits.js'
import type {InjectedAs, InterceptEvent} from './intercept-event.js'

/**
 * A packet that did not pass the client's leg: a relay's packet before it was changed, or the replacement of a client's
 * packet.
 */
export interface SuppressedPacket {
  readonly from: Sender
  readonly plain: Uint8Array
  readonly finding: Finding
}

/** Findings to add to a record of the client's leg, and packets to show after it. */
export interface Annotated {
  readonly findings: readonly Finding[]
  readonly following: readonly SuppressedPacket[]
}

interface Annotation {
  readonly finding: Finding
  readonly following: readonly SuppressedPacket[]
}

type Rewriting = Extract<InterceptEvent, {kind: 'rewritten'}>

const none: Annotated = {findings: [], following: []}

/** What the interceptor did to one connection, kept until the record of the frame is made. */
export class InterceptAnnotations {
  /** Annotations by sender and by frame index on the client's leg. */
  readonly #frames: Readonly<Record<Sender, Map<number, Annotation>>> = {client: new Map(), relay: new Map()}
  readonly #next: Record<Sender, Finding[]> = {client: [], relay: []}

  /** @returns packets to show at once. */
  add(event: InterceptEvent): SuppressedPacket[] {
    switch (event.kind) {
      case 'session':
        return []
      case 'tap':
        this.#next.client.push(finding('not-intercepted', {reason: event.reason}))
        return []
      case 'broken':
        this.#next[event.from].push(finding('not-intercepted', {reason: reasonOfBreak(event)}))
        return []
      case 'rewritten':
        return event.from === 'client' ? this.#ofClient(event) : this.#ofRelay(event)
      case 'rewrite_failed':
        this.#annotate(
          event.from,
          event.from === 'client' ? event.index : event.next.client,
          finding('script-threw', {message: event.message}),
        )
        return []
      case 'marked':
        this.#annotate(
          event.from,
          event.from === 'client' ? event.index : event.next.client,
          finding('packet-marked', {}),
        )
        return []
      case 'injected': {
        const found = findingInjected(event.as)
        if (event.to === 'relay') return [{from: 'client', plain: event.plain, finding: found}]
        this.#annotate('relay', event.index, found)
        return []
      }
    }
  }

  /** Take the annotations that belong to a record. */
  take({kind, from, index}: SessionRecord): Annotated {
    if (from === null || (kind !== 'frame' && kind !== 'handshake')) return none
    const findings = this.#next[from].splice(0)
    const annotation = kind === 'frame' && index !== null ? this.#frames[from].get(index) : undefined
    if (!annotation) return findings.length > 0 ? {findings, following: []} : none
    this.#frames[from].delete(index!)
    return {findings: [...findings, annotation.finding], following: annotation.following}
  }

  #ofClient(event: Rewriting): SuppressedPacket[] {
    const following = event.onward.map(
      (plain): SuppressedPacket => ({from: 'client', plain, finding: finding('packet-instead', {})}),
    )
    this.#annotate('client', event.index, fateOf(event), following)
    for (const i of event.back.keys()) this.#annotate('relay', event.next.client + i, finding('packet-injected', {}))
    return []
  }

  #ofRelay(event: Rewriting): SuppressedPacket[] {
    for (const i of event.onward.keys()) this.#annotate('relay', event.next.client + i, finding('packet-instead', {}))
    const original: SuppressedPacket = {from: 'relay', plain: event.plain, finding: fateOf(event)}
    return [
      original,
      ...event.back.map(
        (plain): SuppressedPacket => ({from: 'client', plain, finding: finding('packet-injected', {})}),
      ),
    ]
  }

  #annotate(from: Sender, index: number, found: Finding, following: readonly SuppressedPacket[] = []): void {
    const annotations = this.#frames[from]
    // Annotations of frames that never become records are not taken by anybody.
    if (annotations.size >= annotatedFrames) annotations.clear()
    annotations.set(index, {finding: found, following})
  }
}

/** The finding for a packet that was replaced. */
export function fateOf({onward, delayMilliseconds, isHeld}: Rewriting): Finding {
  if (isHeld) return finding('packet-held', {})
  if (delayMilliseconds !== undefined) return finding('packet-delayed', {milliseconds: delayMilliseconds})
  return onward.length > 0 ? finding('packet-changed', {count: onward.length}) : finding('packet-dropped', {})
}

const injectedCodes = {injected: 'packet-injected', late: 'packet-late', edited: 'packet-edited'} as const

/** The finding for a packet that no peer sent now. */
export const findingInjected = (as: InjectedAs): Finding => finding(injectedCodes[as], {})

/** Why a side's bytes pass unchanged from now on. */
export const reasonOfBreak = ({from, fault}: {from: Sender; fault: 'handshake' | 'length' | 'mac'}): string =>
  fault === 'length'
    ? `the ${from} announces a frame that no receiver accepts`
    : `the ${from}'s ${fault === 'mac' ? 'frame' : 'handshake'} does not open`

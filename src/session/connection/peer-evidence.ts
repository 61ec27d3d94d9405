import {effectsOf, type Finding} from '../../expert/finding.js'
import {
  type Implementation,
  implementations,
  type Peers,
  peersOf,
  seenPartly,
  unknownPeers,
} from '../../expert/peers.js'
import {limits} from '../../protocol/limits.js'
import {innerWindow} from '../../protocol/table.js'
import {otherSide, type Side, senders} from '../../wire/side.js'
import {lengthOf, type Window} from '../../wire/window.js'
import type {Reactions} from './tables/reactions.js'

/** What one side has shown, by implementation. */
interface Shown {
  /** False: it has done what that implementation does not do. */
  readonly isPossible: Record<Implementation, boolean>
  /**
   * Nonce offset of the first frame of the other side on which that implementation closes. Once a later frame shows
   * that this side has read it, it is not that implementation.
   */
  readonly closesOn: Record<Implementation, number>
  /** The least of these. */
  leastClosesOn: number
}

const nothingShown = (): Shown => ({
  isPossible: {c_toxcore: true, tox_rs: true},
  closesOn: {c_toxcore: Number.POSITIVE_INFINITY, tox_rs: Number.POSITIVE_INFINITY},
  leastClosesOn: Number.POSITIVE_INFINITY,
})

/**
 * Which implementation each end of a connection is, as far as its packets show: one sends what the other one never
 * sends, and goes on after a packet on which the other one closes.
 */
export class PeerEvidence {
  readonly #reactions: Pick<Reactions, 'latest'>
  readonly #shown: readonly [Shown, Shown] = [nothingShown(), nothingShown()]
  /** What follows from `#shown`. */
  peers: Peers = unknownPeers

  /** Packets were missed. */
  #isPartial = false

  constructor(reactions: Pick<Reactions, 'latest'>) {
    this.#reactions = reactions
  }

  /** Packets were missed that may have shown more. */
  miss(): void {
    this.#isPartial = true
    this.peers = seenPartly(this.peers)
  }

  /**
   * The next packet of a side.
   * @param index nonce offset of its frame.
   * @param findings what is wrong with the packet.
   */
  packet(window: Window, side: Side, index: number, findings: readonly Finding[]): void {
    if (this.#shown[side].isPossible.tox_rs && isOnlyOfCToxcore(window, side)) this.#exclude(side, 'tox_rs')
    for (const found of findings) {
      if (found.code === 'relay-speaks-first') this.#exclude(side, 'c_toxcore')
      else this.#noteClosing(otherSide(side), index, found)
    }
    this.#checkReactions(side)
  }

  #exclude(side: Side, implementation: Implementation): void {
    this.#shown[side].isPossible[implementation] = false
    const peers = peersOf(this.#implementationOf(0), this.#implementationOf(1))
    this.peers = this.#isPartial ? seenPartly(peers) : peers
  }

  /** Null also where an end has done what neither does: then it is a third one, of which nothing is known. */
  #implementationOf(side: Side): Implementation | null {
    const {c_toxcore, tox_rs} = this.#shown[side].isPossible
    return c_toxcore === tox_rs ? null : c_toxcore ? 'c_toxcore' : 'tox_rs'
  }

  #noteClosing(receiver: Side, index: number, found: Finding): void {
    // Nobody closes because of the packet at which the silence before it was noticed.
    if (found.code === 'ping-unanswered') return
    const effects = effectsOf(found)
    const shown = this.#shown[receiver]
    const {closesOn} = shown
    for (const implementation of implementations)
      if (effects[`${implementation}_${senders[receiver]}`] === 'closes')
        closesOn[implementation] = Math.min(closesOn[implementation], index)
    shown.leastClosesOn = Math.min(closesOn.c_toxcore, closesOn.tox_rs)
  }

  /** A packet of a side may have shown what it has read. */
  #checkReactions(side: Side): void {
    const readTo = this.#reactions.latest(otherSide(side))
    const {closesOn, isPossible, leastClosesOn} = this.#shown[side]
    if (leastClosesOn > readTo) return
    for (const implementation of implementations)
      if (isPossible[implementation] && closesOn[implementation] <= readTo) this.#exclude(side, implementation)
  }
}

/** Whether a packet of that side is one that tox-rs never sends or relays. */
function isOnlyOfCToxcore(window: Window, side: Side): boolean {
  switch (window.type.name) {
    case 'ping_request':
    case 'forward_request':
      return side === 0
    case 'forwarding':
      return side === 1
    case 'oob_send':
    case 'data':
    case 'onion_response': {
      const inner = innerWindow(window)
      return inner !== undefined && (side === 0 ? isOfGroup(inner) : isNotRelayedByToxRs(inner))
    }
    default:
      return false
  }
}

/** tox-rs reads what it relays: group packets are refused, and a full crypto data packet does not fit. */
const isNotRelayedByToxRs = (inner: Window): boolean =>
  inner.type.name === 'crypto_data'
    ? lengthOf(inner) === limits.cryptoPacket
    : isOfGroup(inner) || inner.type.name === 'onion_new_announce_response'

/** tox-rs has no groups. */
const isOfGroup = ({type}: Window): boolean => type.name.startsWith('gc_')

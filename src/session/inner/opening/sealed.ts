import type {Keyring} from '../../../crypto/keyring/keyring.js'
import type {BoxField} from '../../../wire/field.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {fieldOf, type Window} from '../../../wire/window.js'
import type {SealedBox} from './key-candidates.js'
import type {PairPlace} from './pair-place.js'
import type {PeerFacts, Route} from './peer-facts.js'

/** A box that is to be opened: its level, and the levels around it, innermost last. */
export interface Sealed {
  readonly window: Window
  readonly spec: BoxField
  readonly around: readonly Window[]
  readonly route: Route
  /** Where it is, as its connection says it, and between whom it goes, which may be known from elsewhere. */
  readonly place: PairPlace
  readonly pair: PairPlace
  readonly connection: number
}

/** The box that a packet ends with, if it is whole enough to hold a MAC. */
export function boxOf({type}: Window): BoxField | undefined {
  const spec = type.placed[type.tail]?.spec
  return spec?.kind === 'box' && spec.keys !== 'handshake' ? spec : undefined
}

/** A field of bytes of a packet, in hex. */
export function hexField(window: Window, name: string): string | undefined {
  const value = fieldOf(window, name)
  return value instanceof Uint8Array ? toHex(value) : undefined
}

/** A field of bytes of a level or of the levels around it, the innermost first. */
export function bytesNamed({window, around}: Sealed, name: string): Uint8Array | undefined {
  for (const level of [window, ...around.toReversed()]) {
    const value = fieldOf(level, name)
    if (value instanceof Uint8Array) return value
  }
  return undefined
}

/** What says which keys may open a box: the fields that the packet has in the clear, and what is known of its peers. */
export function describe(sealed: Sealed, facts: PeerFacts, keyring: Keyring): SealedBox {
  const {window, spec, route, connection} = sealed
  const publicKeys = new Set<string>()
  for (const name of spec.publicKeys ?? []) {
    const value = bytesNamed(sealed, name)
    if (value) publicKeys.add(toHex(value))
  }
  for (const name of peersKeys(sealed, facts)) publicKeys.add(name)
  return {
    keys: spec.keys,
    publicKeys: [...publicKeys],
    peer: window.type.layer === 'payload' ? route.slot : String(connection),
    others: othersOf(spec, facts, keyring),
    size: window.end - window.start,
  }
}

/** Public keys of the two peers, of the kind that seals the box. */
function peersKeys({spec, route, window}: Sealed, facts: PeerFacts): readonly string[] {
  const {sender, receiver} = route
  const {layer} = window.type
  if (layer !== 'payload' && layer !== 'forwarded') return []
  switch (spec.keys) {
    case 'dht':
      return [sender, receiver].filter(key => key !== null)
    case 'real':
      return [...facts.realKeysOf(sender), ...facts.realKeysOf(receiver)]
    case 'group':
      return [...facts.groupSessionsOf(sender), ...facts.groupSessionsOf(receiver)]
    default:
      return []
  }
}

function othersOf({keys}: BoxField, facts: PeerFacts, keyring: Keyring): readonly string[] {
  if (keys === 'dht') return facts.dhtKeys
  return keys === 'real' ? [...facts.realKeys, ...Array.from(keyring.friendKeys(), key => toHex(key))] : []
}

/**
 * Public keys that may have sealed a response that stays sealed. It names none: it is sealed as a request before it
 * was, which for announcing oneself is the real key.
 */
export function keysOfResponse({connection, route}: Sealed, facts: PeerFacts): readonly string[] {
  return [...new Set([...facts.sealedRequests(connection), ...facts.realKeysOf(route.receiver)])]
}

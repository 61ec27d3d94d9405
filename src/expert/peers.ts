import type {Sender} from '../wire/side.js'
import type {Receiver} from './rule.js'

/** Implementations of Tox whose reactions are known. */
export const implementations = ['c_toxcore', 'tox_rs'] as const
export type Implementation = (typeof implementations)[number]

/** Which implementation each end of a connection is; null: not known, so it may be any. */
export interface Peers extends Readonly<Record<Sender, Implementation | null>> {
  /** Packets were missed that may have shown which implementation an unknown end is. */
  readonly isPartial?: true
}

const options = [null, ...implementations] as const

const seenWhole: readonly Peers[] = options.flatMap(client => options.map(relay => ({client, relay})))
const seenInPart: readonly Peers[] = seenWhole
  .filter(({client, relay}) => client === null || relay === null)
  .map(peers => ({...peers, isPartial: true}))

/** One object for each combination, so that records share them: at most 16, as their code has 4 bits in tables. */
const combinations = [...seenWhole, ...seenInPart]

const placeOf = (among: readonly Peers[], {client, relay}: Peers): number =>
  among.findIndex(each => each.client === client && each.relay === relay)

/** Place of the peers among all combinations: a small number, for records that are sent as tables of numbers. */
export const peersCode = (peers: Peers): number =>
  peers.isPartial === true
    ? seenWhole.length + placeOf(seenInPart, peers)
    : options.indexOf(peers.client) * options.length + options.indexOf(peers.relay)

/** The peers that `peersCode` gave this number. */
export const peersOfCode = (code: number): Peers => combinations[code]!

/** Nothing is known of either end. */
export const unknownPeers: Peers = peersOfCode(0)

export const peersOf = (client: Implementation | null, relay: Implementation | null): Peers =>
  peersOfCode(peersCode({client, relay}))

/** The same ends, where packets were missed that may have shown which implementation they are. */
export const seenPartly = (peers: Peers): Peers => seenInPart[placeOf(seenInPart, peers)] ?? peers

/** Names by which a user chooses the peers. `auto`: what the packets of each connection show. */
export const peersNames = ['auto', 'c-toxcore', 'tox-rs'] as const
export type PeersName = (typeof peersNames)[number]

/** Peers that a user has named; undefined: the packets show them. */
export function peersNamed(name: PeersName | undefined): Peers | undefined {
  if (name === undefined || name === 'auto') return undefined
  const implementation = name === 'c-toxcore' ? 'c_toxcore' : 'tox_rs'
  return peersOf(implementation, implementation)
}

/** The role in which an end receives what the other one sends. */
const otherRole = (from: Sender): Sender => (from === 'client' ? 'relay' : 'client')

function listReceivers(from: Sender | null, peers: Peers): readonly Receiver[] {
  const roles: readonly Sender[] = from === null ? ['relay', 'client'] : [otherRole(from)]
  return implementations.flatMap(implementation =>
    roles
      .filter(role => peers[role] === null || peers[role] === implementation)
      .map((role): Receiver => `${implementation}_${role}`),
  )
}

export const isOfCToxcore = (receiver: Receiver): boolean => receiver.startsWith('c_toxcore')

/** Receivers by who sent, then by the code of the peers. */
const receiverLists = new Map<Sender | null, readonly (readonly Receiver[])[]>(
  ([null, 'client', 'relay'] as const).map(from => [from, combinations.map(peers => listReceivers(from, peers))]),
)

/**
 * Receivers of a packet from that side, of those that the peers may be.
 * @param from null: unknown, so that either end may receive it.
 */
export const receiversOf = (from: Sender | null, peers: Peers = unknownPeers): readonly Receiver[] =>
  receiverLists.get(from)![peersCode(peers)]!

/** Whether the implementation of every end that may receive it is known. */
export const areReceiversKnown = (from: Sender | null, peers: Peers): boolean =>
  from === null ? peers.client !== null && peers.relay !== null : peers[otherRole(from)] !== null

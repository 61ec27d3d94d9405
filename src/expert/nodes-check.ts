import {nameAlone} from '../protocol/table.js'
import type {ListField} from '../wire/field.js'
import {fieldStart, partsOf} from '../wire/read.js'
import {isIpv4Family, paddedIpPortSize, shortIpPortSize} from '../wire/sizes.js'
import type {Window} from '../wire/window.js'

/** Who discards a packet because of what follows the nodes that it ends with. */
export type Refusal = 'nobody' | 'c-toxcore' | 'tox-rs' | 'both'

/** A list of nodes at the end of a packet, and what comes after the last that a receiver may take. */
interface NodesAtEnd {
  readonly spec: ListField
  /** Families of the nodes in the list. */
  readonly families: readonly number[]
  /** Bytes after the list. */
  readonly rest: Uint8Array
}

/** @returns undefined for a packet that does not end with as many nodes as there are. */
function nodesAtEnd({type, bytes, start, end}: Window): NodesAtEnd | undefined {
  const index = type.placed.length - 1
  const spec = type.placed[index]?.spec
  if (spec?.kind !== 'list' || spec.of.kind !== 'node' || spec.countedBy !== undefined) return undefined
  const at = fieldStart(type, index, bytes, start, end)
  const nodes = partsOf(spec, bytes, at, end).slice(0, spec.max)
  return {
    spec,
    families: nodes.map(({range}) => bytes[range[0]]!),
    rest: bytes.subarray(nodes.at(-1)?.range[1] ?? at, end),
  }
}

const addressSize = (family: number): number => (isIpv4Family(family) ? shortIpPortSize : paddedIpPortSize)
const isTcpFamily = (family: number): boolean => family === 130 || family === 138
/** Whether bytes begin with a whole node. */
const beginWithNode = (bytes: Uint8Array): boolean => bytes.length >= addressSize(bytes[0]!) + 32

/**
 * c-toxcore reads nodes one after the other, up to as many as it can use. It stops before one whose address is not
 * whole or of an unknown family, and refuses all where it has none by then, or where a key is not whole. DHT.c
 * unpack_nodes.
 */
function isRefusedByCToxcore({spec, families, rest}: NodesAtEnd): boolean {
  const known = spec.of.kind === 'node' ? spec.of.families : undefined
  const isKnown = (family: number) => known === undefined || known.includes(family)
  if (families.length >= spec.max || !families.every(isKnown)) return false
  const isCutInKey = isKnown(rest[0]!) && rest.length >= addressSize(rest[0]!)
  return isCutInKey || families.length === 0
}

/** tox-rs takes all nodes, and counts them then. ShareRelays, OnionAnnounceResponsePayload, DhtPkAnnouncePayload. */
function isRefusedByToxRs(name: string, {families, rest}: NodesAtEnd): boolean {
  if (name === 'share_relays')
    return families.length === 3 && [...families, rest[0]!].every(isTcpFamily) && beginWithNode(rest)
  if (name === 'dht_pk_announce') return families.length < 4 || !beginWithNode(rest)
  return name === 'onion_announce_response_plaintext'
}

/**
 * Who discards a packet because of the bytes after its nodes.
 * @returns undefined for a packet that does not end with nodes.
 */
export function refusalOfRest(window: Window): Refusal | undefined {
  const nodes = nodesAtEnd(window)
  if (!nodes) return undefined
  const name = nameAlone(window.type)
  // c-toxcore does not look at the node of an answer, and goes on with the UDP address of a friend that invites.
  const isAnswer = name === 'gc_handshake_plaintext' && window.bytes[window.start] === 1
  const isRefused = !isAnswer && name !== 'group_invite_confirmation' && isRefusedByCToxcore(nodes)
  if (isRefused) return isRefusedByToxRs(name, nodes) ? 'both' : 'c-toxcore'
  return isRefusedByToxRs(name, nodes) ? 'tox-rs' : 'nobody'
}

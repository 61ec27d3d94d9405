import type {Advice} from '../wire/advice.js'
import type {Layer, Values} from '../wire/field.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import type {PacketType} from '../wire/packet.js'
import {fieldStart} from '../wire/read.js'
import {didYouMean, nearest} from '../wire/text/nearest.js'
import {fieldsOf, Window} from '../wire/window.js'
import {packedNode, paddedIpPort, shortIpPort} from './addresses.js'
import {forwardedTypes} from './forwarded/forwarded-types.js'
import {groupTypes} from './group/group-types.js'
import {clientHandshake, relayHandshake} from './handshake.js'
import {limits} from './limits.js'
import {messengerTypes} from './messenger/messenger-types.js'
import {onionAnnounceRequest, onionNewAnnounceRequest} from './onion/announce-request.js'
import {onionDataRequest} from './onion/data-request.js'
import {dhtPkAnnounce, friendRequest} from './onion/onion-content.js'
import {onionData} from './onion/onion-data.js'
import {onionLayer} from './onion/onion-layer.js'
import {connectNotification} from './packets/connect-notification.js'
import {dataPacket} from './packets/data.js'
import {disconnectNotification} from './packets/disconnect-notification.js'
import {forwardRequest} from './packets/forward-request.js'
import {forwarding} from './packets/forwarding.js'
import {onionRequest} from './packets/onion-request.js'
import {onionResponse} from './packets/onion-response.js'
import {oobReceive} from './packets/oob-receive.js'
import {oobSend} from './packets/oob-send.js'
import {pingRequest} from './packets/ping-request.js'
import {pongResponse} from './packets/pong-response.js'
import {reserved} from './packets/reserved.js'
import {routeRequest} from './packets/route-request.js'
import {routeResponse} from './packets/route-response.js'
import {cookieRequest} from './payloads/cookie-request.js'
import {cookieResponse} from './payloads/cookie-response.js'
import {cryptoData} from './payloads/crypto-data.js'
import {cryptoHandshake} from './payloads/crypto-handshake.js'
import {gcHandshake} from './payloads/gc-handshake.js'
import {gcLossless} from './payloads/gc-lossless.js'
import {gcLossy} from './payloads/gc-lossy.js'
import {onionAnnounceResponse} from './payloads/onion-announce-response.js'
import {onionDataResponse} from './payloads/onion-data-response.js'
import {onionNewAnnounceResponse} from './payloads/onion-new-announce-response.js'

const declared = [
  clientHandshake,
  relayHandshake,
  routeRequest,
  routeResponse,
  connectNotification,
  disconnectNotification,
  pingRequest,
  pongResponse,
  oobSend,
  oobReceive,
  onionRequest,
  onionResponse,
  forwardRequest,
  forwarding,
  reserved,
  dataPacket,
  cookieRequest,
  cookieResponse,
  cryptoHandshake,
  cryptoData,
  gcHandshake,
  gcLossless,
  gcLossy,
  onionAnnounceResponse,
  onionDataResponse,
  onionNewAnnounceResponse,
  onionLayer,
  onionAnnounceRequest,
  onionNewAnnounceRequest,
  onionDataRequest,
  onionData,
  friendRequest,
  dhtPkAnnounce,
  shortIpPort,
  paddedIpPort,
  packedNode,
  ...forwardedTypes,
  ...messengerTypes,
  ...groupTypes,
] as const

const plaintextSuffix = '_plaintext'

/** The plaintext of each type's box as a type of its own, for bytes that were opened elsewhere. */
const plaintexts = declared.flatMap(({plain, name}: PacketType) =>
  plain ? [{...plain, name: `${name}${plaintextSuffix}`}] : [],
)

/** The name of a type; of the plaintext of an opened box, which has the name of its packet, that of the type alone. */
export const nameAlone = ({name, layer}: PacketType): string =>
  layer === 'plaintext' && !name.endsWith(plaintextSuffix) ? `${name}${plaintextSuffix}` : name

/** Every packet type, in the order in which `explain` lists them. */
export const types: readonly PacketType[] = [...declared, ...plaintexts]

type Declared = (typeof declared)[number]
/** The declared packet types by name, each with the types of its fields. */
type DeclaredTypes = {readonly [T in Declared as T['name']]: T}
export type TypeName = keyof DeclaredTypes
/** Names of packet types, and of what is in their boxes. */
export type AnyTypeName = TypeName | `${TypeName}_plaintext`
type FieldsOf<N extends TypeName> = DeclaredTypes[N]['fields']
/** Values of the fields of a packet type, by its name. */
export type PacketFields<N extends TypeName> = Values<FieldsOf<N>>

const byName = new Map<string, PacketType>(types.map(type => [type.name, type]))

/** The packet type of a name, with the types of its fields where the name is written out. */
export function typeNamed<N extends TypeName>(name: N): DeclaredTypes[N]
/** @returns undefined where no packet type has that name. */
export function typeNamed(name: string): PacketType | undefined
export function typeNamed(name: string): PacketType | undefined {
  return byName.get(name)
}

/** c-toxcore's constants for packet types. */
export const typeConstants: readonly string[] = types.flatMap(({cToxcore}) => cToxcore ?? [])

/** Types that c-toxcore has one constant for: several if it names one in several layers. */
export const typesOfConstant = (constant: string): readonly PacketType[] =>
  types.filter(({cToxcore}) => cToxcore === constant)

/**
 * The question whether another type was meant by a name that none has, as c-toxcore's constants; undefined: no name is
 * near.
 */
export function typeMeant(name: string): Advice | undefined {
  const known = typesOfConstant(name).map(type => type.name)
  return didYouMean(name, known.length > 0 ? known : nearest(name, byName.keys()))
}

/** Whether a window is on a packet of that type. If so, `fieldOf` and `fieldsOf` give typed values. */
export const isPacket = <N extends TypeName>(window: Window | null, name: N): window is Window<FieldsOf<N>> =>
  window !== null && window.type.name === name

/**
 * The values of a packet's fields, typed.
 * @returns undefined for a packet of another type, and for one that ends before the end of its last field.
 */
export const packetFields = <N extends TypeName>(window: Window | null, name: N): PacketFields<N> | undefined =>
  isPacket(window, name) ? fieldsOf(window) : undefined

type IdTable = (PacketType | undefined)[]

/** First and last id of a type; undefined in a layer without ids. */
const idRange = ({id}: PacketType): readonly [first: number, last: number] | undefined =>
  id === null ? undefined : typeof id === 'number' ? [id, id] : id

/**
 * Packet types of each layer by their id.
 * @throws Error where two types of one layer share an id.
 */
export function typesById(all: readonly PacketType[]): ReadonlyMap<Layer, IdTable> {
  const layers = new Map<Layer, IdTable>()
  for (const type of all) {
    const range = idRange(type)
    if (!range) continue
    const ids = layers.get(type.layer) ?? new Array<PacketType | undefined>(256).fill(undefined)
    layers.set(type.layer, ids)
    for (let id = range[0]; id <= range[1]; id++) {
      const other = ids[id]
      if (other)
        throw new Error(
          `packet types ${other.name} and ${type.name} of layer ${type.layer} share id 0x${toHex(Uint8Array.of(id))}`,
        )
      ids[id] = type
    }
  }
  return layers
}

const byId = typesById(types)
const packets = byId.get('packet')!
/** The type of a payload by its layer and its first byte. A layer without ids has one type. */
const carriedTypes = new Map<Layer, IdTable>([
  ...byId,
  ...types.filter(({id}) => id === null).map(type => [type.layer, new Array<PacketType>(256).fill(type)] as const),
])

/** The packet type of an id in a layer. */
export const typeOf = (layer: Layer, id: number): PacketType | undefined => byId.get(layer)?.[id]

/**
 * The packet in bytes[start,end), the plaintext of a frame. Every id has a type, so only an empty packet gives
 * undefined.
 * @param shift offset of bytes[start] in the frame's wire bytes: 18, or noShift.
 */
export function packetWindow(bytes: Uint8Array, start: number, end: number, shift: number): Window | undefined {
  return start < end ? new Window(packets[bytes[start]!]!, bytes, start, end, shift) : undefined
}

/**
 * The packet in a packet's trailing payload.
 * @returns undefined if the packet has no payload, an empty one, or one with an unknown id.
 */
export function innerWindow(window: Window): Window | undefined {
  const {type, bytes, start, end, shift} = window
  const {carried, tail, tailAt, tailBehind} = type
  if (carried === undefined) return undefined
  const at = tailAt === undefined ? fieldStart(type, tail, bytes, start, end) : start + tailAt
  const to = end - tailBehind
  if (at >= to) return undefined
  const inner = carriedTypes.get(carried)?.[bytes[at]!]
  return inner && new Window(inner, bytes, at, to, shift + at - start)
}

/**
 * The plaintext of a packet's box as a window of its declared layout.
 * @param plain holds the opened bytes, from `from` to `to`.
 * @returns undefined if no layout is declared.
 */
export function openedWindow(window: Window, plain: Uint8Array, from = 0, to = plain.length): Window | undefined {
  const {type, bytes, start, end, shift} = window
  if (!type.plain) return undefined
  const offset = fieldStart(type, type.tail, bytes, start, end) - start
  return new Window(type.plain, plain, from, to, shift + offset + limits.mac)
}

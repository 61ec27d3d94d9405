/**
 * Field kinds. A field is data: what it is called, how long it is, what its bytes mean. Reading, writing, checking and
 * printing are done by the readers of these values (codec.ts, values.ts), never here.
 */

/** A decoded ip_port. ip: as RFC 5952 for IPv6. family: 2 UDP/IPv4, 10 UDP/IPv6, 130 TCP/IPv4, 138 TCP/IPv6. */
export interface IpPort {
  readonly family: number
  readonly ip: string
  readonly port: number
  /** Hex of the 12 bytes behind a padded IPv4 address, where they are not all zero. */
  readonly padding?: string
}

/** A packed node: where it is and its DHT public key (hex). */
export interface PackedNode extends IpPort {
  readonly pk: string
}

/** What fixed or trailing bytes are, for colours, `explain` and the hints which key opens them. */
export type BytesRole = 'key' | 'nonce' | 'opaque' | 'id' | 'data'

/** Which id space a packet type's first byte belongs to. `handshake` and `address` types have no id. */
export type Layer =
  | 'packet'
  | 'payload'
  | 'onion_request'
  | 'onion_response'
  | 'crypto_data'
  | 'group'
  | 'handshake'
  | 'address'

/** Which keys seal a box, for the hint that says what would open it. */
export type BoxKeys = 'handshake' | 'dht' | 'real' | 'crypto_session' | 'onion' | 'group' | 'data_route'

interface Named {
  readonly title: string
  readonly about: string
}

export interface BytesField extends Named {
  readonly kind: 'bytes'
  readonly role: BytesRole
  readonly size: number
}

export interface UintField extends Named {
  readonly kind: 'uint'
  readonly size: 1 | 2 | 4 | 8
  /** Inclusive ranges that may occur; absent: all. */
  readonly allowed?: readonly (readonly [number, number])[]
}

/** The packet's id byte, which is a field as well (data: the id is the connection id). Takes no bytes of its own. */
export interface IdField extends Named {
  readonly kind: 'id'
}

export interface IpPortField extends Named {
  readonly kind: 'ip_port'
  /** true: always 19 bytes; false: 7 or 19 by the family. */
  readonly padded: boolean
  /** Families that a receiver acts on; others are a fault. */
  readonly families: readonly number[]
}

export interface NodeField extends Named {
  readonly kind: 'node'
}

/** All bytes up to the end of the packet. */
export interface RestField extends Named {
  readonly kind: 'rest'
  readonly role: BytesRole
  readonly min: number
  readonly max: number
  /** The bytes are a packet of that layer, told by its first byte. */
  readonly layer?: Layer
}

/** A sealed box up to the end of the packet: a 16-byte MAC, then the body. */
export interface BoxField extends Named {
  readonly kind: 'box'
  /** Bytes of the whole box, MAC included. */
  readonly min: number
  readonly max: number
  readonly keys: BoxKeys
  /** Layout of the plaintext, where it is declared. */
  readonly plain?: Fields
}

export type FieldSpec = BytesField | UintField | IdField | IpPortField | NodeField | RestField | BoxField

declare const valueType: unique symbol
/** A field whose decoded value is a V. */
export type Field<V = unknown> = FieldSpec & {readonly [valueType]?: V}
export type Fields = Readonly<Record<string, Field>>
export type ValueOf<F> = F extends {readonly [valueType]?: infer V} ? Exclude<V, undefined> : never
export type Values<F extends Fields> = {readonly [K in keyof F]: ValueOf<F[K]>}

const bytes =
  (role: BytesRole, size: number) =>
  (title: string, about: string): Field<Uint8Array> => ({kind: 'bytes', role, size, title, about})

/** A Curve25519 public key. */
export const key = bytes('key', 32)
/** A 24-byte XSalsa20 nonce. */
export const nonce = bytes('nonce', 24)
/** Eight opaque bytes that the other side echoes. */
export const opaqueId = bytes('id', 8)

/** Bytes of a fixed count without inner structure. */
export const opaque = (title: string, about: string, size: number): Field<Uint8Array> =>
  bytes('opaque', size)(title, about)

/** A big-endian unsigned number. */
export const uint = (title: string, about: string, size: 1 | 2 | 4, allowed?: UintField['allowed']): Field<number> => ({
  kind: 'uint',
  size,
  title,
  about,
  ...(allowed && {allowed}),
})

/** The id byte as a field. */
export const idByte = (title: string, about: string): Field<number> => ({kind: 'id', title, about})

export const ipPort = (
  title: string,
  about: string,
  options: {padded: boolean; families: readonly number[]},
): Field<IpPort> => ({
  kind: 'ip_port',
  title,
  about,
  ...options,
})

export const node = (title: string, about: string): Field<PackedNode> => ({kind: 'node', title, about})

interface Bounds {
  readonly min: number
  readonly max: number
}

/** Bytes to the end of the packet that mean nothing to this protocol. */
export const data = (title: string, about: string, bounds: Bounds): Field<Uint8Array> => ({
  kind: 'rest',
  role: 'data',
  title,
  about,
  ...bounds,
})

/** Bytes to the end of the packet that are a packet of another layer. */
export const payload = (title: string, about: string, options: Bounds & {layer: Layer}): Field<Uint8Array> => ({
  kind: 'rest',
  role: 'data',
  title,
  about,
  ...options,
})

/** A sealed box to the end of the packet. */
export const box = (
  title: string,
  about: string,
  options: Bounds & {keys: BoxKeys; plain?: Fields},
): Field<Uint8Array> => ({
  kind: 'box',
  title,
  about,
  ...options,
})

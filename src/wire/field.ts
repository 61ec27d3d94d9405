/**
 * Field kinds. A field is data: what it is called, how long it is, what its bytes mean. Reading, writing, checking and
 * printing are done by the readers of these values (read.ts, window.ts), never here.
 */

import type {IpPort, PackedNode} from './text/address.js'

/** A key as text for people: shortened, or the name of its owner. The key is 32 bytes, or hex. */
export type KeyText = (key: Uint8Array | string) => string

/** What fixed or trailing bytes are, for colours, `explain` and the hints which key opens them. */
export type BytesRole = 'key' | 'nonce' | 'opaque' | 'id' | 'data'

/** Which id space a packet type's first byte belongs to. `handshake`, `address` and `plaintext` types have no id. */
export type Layer =
  | 'packet'
  | 'payload'
  | 'onion_request'
  | 'onion_response'
  | 'onion_layer'
  | 'onion_data'
  | 'onion_content'
  | 'forwarded'
  | 'announcement'
  | 'crypto_data'
  | 'conference_invite'
  | 'conference_direct'
  | 'conference_message'
  | 'group_invite'
  | 'group_lossless'
  | 'group_lossy'
  | 'group_broadcast'
  | 'plaintext'
  | 'handshake'
  | 'address'

/** Which keys seal a box, for the hint that says what would open it. */
export type BoxKeys = 'handshake' | 'dht' | 'real' | 'crypto_session' | 'onion' | 'group' | 'data_route'

interface Named {
  readonly title: string
  readonly about: string
  /** The field is there only where an earlier number of one byte, at a fixed place, has one of these values. */
  readonly when?: {readonly field: string; readonly is: readonly number[]}
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
  /** Families that a receiver acts on; others are a fault. Absent: all. */
  readonly families?: readonly number[]
}

/** All bytes up to the end of the packet, or up to the fields of fixed size that follow. */
export interface RestField extends Named {
  readonly kind: 'rest'
  readonly role: BytesRole
  readonly min: number
  readonly max: number
  /** The bytes are a packet of that layer; its first byte is its type. */
  readonly layer?: Layer
}

/** A sealed box up to the end of the packet: a 16-byte MAC, then the body. */
export interface BoxField extends Named {
  readonly kind: 'box'
  /** Bytes of the whole box, MAC included. */
  readonly min: number
  readonly max: number
  readonly keys: BoxKeys
  /**
   * Name of the field that holds its nonce, of this level or of one around it. Absent: the nonce is not in the packet,
   * or not whole.
   */
  readonly nonce?: string
  /** Names of the fields that hold a public key of its key pair, of this level or of one around it. */
  readonly publicKeys?: readonly string[]
  /** Layout of the plaintext, where it is declared. */
  readonly plain?: Fields
  /** A few words about a well-formed plaintext, which take the place of the summary of the packet around it. */
  readonly plainSummary?: (values: never, keyText: KeyText) => string
}

/** UTF-8, in which any bytes may occur: `textOf` escapes those that are not. To the end of the packet, or sized. */
export interface TextField extends Named {
  readonly kind: 'text'
  /** Bytes, not characters. */
  readonly min: number
  readonly max: number
  /** Name of an earlier number, at a fixed place, that counts its bytes. */
  readonly sizedBy?: string
  /** It is filled up with zero bytes, which are not part of the value, to these bytes. */
  readonly filledTo?: number
}

/** Zero bytes up to the first that is not zero. The value is their number. */
export interface ZerosField extends Named {
  readonly kind: 'zeros'
  readonly max: number
}

/** Several fields that come together, as an element of a list. */
export interface StructField extends Named {
  readonly kind: 'struct'
  readonly fields: Fields
}

/**
 * Elements one after the other: as many as are whole, up to `max`. Fields of fixed size that follow the list keep their
 * bytes.
 */
export interface ListField extends Named {
  readonly kind: 'list'
  readonly of: FieldSpec
  /** Elements. */
  readonly min: number
  readonly max: number
  /** Name of an earlier number, at a fixed place, that counts the elements. */
  readonly countedBy?: string
  /** The list ends before an element with this first byte. */
  readonly endsAt?: number
}

export type FieldSpec =
  | BytesField
  | UintField
  | IdField
  | IpPortField
  | NodeField
  | RestField
  | BoxField
  | TextField
  | ZerosField
  | StructField
  | ListField

declare const valueType: unique symbol
/** A field whose decoded value is a V. */
export type Field<V = unknown> = FieldSpec & {readonly [valueType]?: V}
export type Fields = Readonly<Record<string, Field>>
export type ValueOf<F> = F extends {readonly [valueType]?: infer V} ? Exclude<V, undefined> : never
export type Values<F extends Fields> = {readonly [K in keyof F]: ValueOf<F[K]>}

const bytes =
  (role: BytesRole, size: number) =>
  (title: string, about: string): Field<Uint8Array> => ({kind: 'bytes', role, size, title, about})

/** A public key: of Curve25519, or of Ed25519 where it only signs. */
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

/** A big-endian unsigned number of 8 bytes. */
export const uint64 = (title: string, about: string): Field<bigint> => ({kind: 'uint', size: 8, title, about})

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

export const node = (title: string, about: string, families?: readonly number[]): Field<PackedNode> => ({
  kind: 'node',
  title,
  about,
  ...(families && {families}),
})

interface Bounds {
  readonly min: number
  readonly max: number
}

/** UTF-8 to the end of the packet, or of as many bytes as an earlier field says. min, max: bytes. */
export const text = (title: string, about: string, options: Bounds & {sizedBy?: string}): Field<string> => ({
  kind: 'text',
  title,
  about,
  ...options,
})

/** UTF-8, filled up with zero bytes to a fixed size. */
export const filledText = (title: string, about: string, size: number): Field<string> => ({
  kind: 'text',
  title,
  about,
  min: size,
  max: size,
  filledTo: size,
})

/** Zero bytes before what follows. */
export const zeros = (title: string, about: string, max: number): Field<number> => ({kind: 'zeros', title, about, max})

/** Several fields as one. */
export const struct = <F extends Fields>(title: string, about: string, fields: F): Field<Values<F>> => ({
  kind: 'struct',
  title,
  about,
  fields,
})

/** Elements one after the other. min, max: their number. */
export const list = <V>(
  title: string,
  about: string,
  options: Bounds & {of: Field<V>; countedBy?: string; endsAt?: number},
): Field<readonly V[]> => ({kind: 'list', title, about, ...options})

/** A field that is there only where an earlier number of one byte has one of the values. */
export const when = <V>(field: string, is: readonly number[], spec: Field<V>): Field<V | null> => ({
  ...spec,
  when: {field, is},
})

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
export const box = <P extends Fields = Fields>(
  title: string,
  about: string,
  options: Bounds &
    Pick<BoxField, 'keys' | 'nonce' | 'publicKeys'> & {
      plain?: P
      plainSummary?: (values: Values<P>, keyText: KeyText) => string
    },
): Field<Uint8Array> => ({
  kind: 'box',
  title,
  about,
  ...options,
})

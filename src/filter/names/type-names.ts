import {types} from '../../protocol/table.js'
import type {SessionRecord} from '../../session/record.js'
import type {FieldSpec} from '../../wire/field.js'
import {fromHex} from '../../wire/hex/hex-bytes.js'
import type {PacketType} from '../../wire/packet.js'
import {fieldStart, readField} from '../../wire/read.js'
import type {IpPort, PackedNode} from '../../wire/text/address.js'
import type {Window} from '../../wire/window.js'
import {levels} from '../levels.js'
import type {Kind, Value} from '../values.js'
import {type FilterName, name, type Read} from './name.js'

/** The windows of one type. Most types occur only outermost: then there is nothing to walk. */
function windowsOf(type: PacketType): (record: SessionRecord) => readonly Window[] {
  const isOutermost = type.layer === 'packet' || type.layer === 'handshake' || type.layer === 'address'
  return record => {
    if (!record.window) return []
    if (isOutermost) return record.window.type === type ? [record.window] : []
    return levels(record).filter(window => window.type === type)
  }
}

const kindOf = {
  bytes: 'bytes',
  rest: 'bytes',
  box: 'bytes',
  uint: 'number',
  id: 'number',
  ip_port: 'address',
  node: 'address',
  text: 'text',
  zeros: 'number',
} as const satisfies Partial<Record<FieldSpec['kind'], Kind>>

/** A field that takes what is left is there only if the packet does not end before it; a box is never empty. */
function isBehindEnd(type: PacketType, index: number, bytes: Uint8Array, start: number, end: number): boolean {
  if (fieldStart(type, index, bytes, start, end) < end) return false
  return (
    type.placed[index]!.spec.kind === 'box' ||
    (index > 0 && readField(type, index - 1, bytes, start, end) === undefined)
  )
}

function fieldNames(type: PacketType, windows: (record: SessionRecord) => readonly Window[]): FilterName[] {
  return type.placed.flatMap(({name: field, spec, size}, index) => {
    const read: ReadValues = record => {
      const found: unknown[] = []
      for (const {bytes, start, end} of windows(record)) {
        const value = readField(type, index, bytes, start, end)
        if (value === undefined || value === null) continue
        if (size === undefined && isBehindEnd(type, index, bytes, start, end)) continue
        found.push(value)
      }
      return found
    }
    return valueNames(`${type.name}.${field}`, spec, read, size)
  })
}

/** Like `Read`, before values of lists and structs are taken apart. */
type ReadValues = (record: SessionRecord) => readonly unknown[]

/** Names of a field, of its parts, and of the parts of its elements. @param size bytes of each value, where fixed. */
function valueNames(full: string, spec: FieldSpec, values: ReadValues, size?: number): FilterName[] {
  if (spec.kind === 'list') {
    const elements = valueNames(full, spec.of, record => values(record).flat())
    if (spec.of.kind !== 'struct') return elements
    const count: Read = record => values(record).map(value => (value as readonly unknown[]).length)
    return [name(full, 'number', `Number of elements: ${spec.about}`, count), ...elements]
  }
  if (spec.kind === 'struct') {
    return Object.entries(spec.fields).flatMap(([part, of]) =>
      valueNames(`${full}.${part}`, of, record =>
        values(record).flatMap(value => (value as Readonly<Record<string, unknown>>)[part] ?? []),
      ),
    )
  }
  // The value is read by the same declaration that gives it its kind.
  const read: Read = record => values(record) as readonly Value[]
  const kind = kindOf[spec.kind]
  const own = name(full, kind, spec.about, read, kind === 'bytes' && size !== undefined ? {size} : {})
  return kind === 'address' ? [own, ...addressNames(full, spec.kind === 'node', read)] : [own]
}

function addressNames(full: string, isNode: boolean, read: Read): FilterName[] {
  const part = (key: string, partKind: Kind, about: string, of: (value: IpPort) => Value | undefined) =>
    name(`${full}.${key}`, partKind, about, record => read(record).flatMap(value => of(value as IpPort) ?? []))
  const parts = [
    part(
      'family',
      'number',
      `Family of ${full}: 2 UDP/IPv4, 10 UDP/IPv6, 130 TCP/IPv4, 138 TCP/IPv6.`,
      value => value.family,
    ),
    part('ip', 'ip', `IP address of ${full}.`, value => value.ip),
    part('port', 'number', `Port of ${full}.`, value => value.port),
  ]
  if (!isNode) return parts
  const pk = name(
    `${full}.pk`,
    'bytes',
    `Key of ${full}.`,
    record => read(record).map(value => fromHex((value as PackedNode).pk)),
    {size: 32},
  )
  return [...parts, pk]
}

function typeNamesOf(type: PacketType): FilterName[] {
  const windows = windowsOf(type)
  const bytes: Read = record => windows(record).map(window => window.bytes.subarray(window.start, window.end))
  const {plain} = type
  const opened = plain ? fieldNames(plain, record => record.opened.filter(({type: own}) => own === plain)) : []
  return [name(type.name, 'bytes', type.about, bytes), ...fieldNames(type, windows), ...opened]
}

/** Each packet type's name, for its presence and its bytes, and the names of its fields at every level. */
export const typeFieldNames = (): readonly FilterName[] => types.flatMap(typeNamesOf)

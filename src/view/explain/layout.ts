import {limits} from '../../protocol/limits.js'
import type {FieldSpec, IpPortField, NodeField} from '../../wire/field.js'
import {hexByte} from '../../wire/hex/hex-bytes.js'
import {type PacketType, sizeBounds} from '../../wire/packet.js'
import {countText} from '../../wire/text/phrases.js'
import type {Page} from './page.js'
import {type Cell, writePicture} from './picture.js'

/** `0x06`, `0x10 to 0xff`; undefined where a layer has no ids. */
export function idText({id}: PacketType): string | undefined {
  if (id === null) return undefined
  return typeof id === 'number' ? `0x${hexByte(id)}` : `0x${hexByte(id[0])} to 0x${hexByte(id[1])}`
}

/** True for a field that has its least or its most bytes and nothing between. */
const isEither = (spec: FieldSpec): boolean => spec.kind === 'ip_port' || spec.kind === 'node'

/** `32 bytes`, `1 to 1024 bytes`, `7 or 19 bytes`. */
export function sizeText(spec: FieldSpec): string {
  if (spec.kind === 'id') return '1 byte'
  const [least, most] = sizeBounds(spec)
  if (least === most) return countText(least, 'byte')
  return `${least} ${isEither(spec) ? 'or' : 'to'} ${most} bytes`
}

const shortSize = (spec: FieldSpec): string => sizeText(spec).replace(' to ', '-')

/** Offset of a field from the packet's first byte, least and most. */
export function offsetBounds(type: PacketType, index: number): readonly [least: number, most: number] {
  const {offset, spec} = type.placed[index]!
  if (spec.kind === 'id') return [0, 0]
  if (offset !== undefined) return [offset, offset]
  const [least, most] = offsetBounds(type, index - 1)
  const [small, large] = sizeBounds(type.placed[index - 1]!.spec)
  return [least + small, most + large]
}

export function offsetText(type: PacketType, index: number): string {
  const [least, most] = offsetBounds(type, index)
  return least === most ? `${least}` : `${least} or ${most}`
}

function cellsOf(type: PacketType): Cell[] {
  const id = idText(type)?.replaceAll('0x', '').replace(' to ', '-')
  const hasIdField = type.placed.some(({spec}) => spec.kind === 'id')
  const cells: Cell[] = id !== undefined && !hasIdField ? [{label: 'id', size: id, offset: '0'}] : []
  for (const [index, {name, spec}] of type.placed.entries()) {
    cells.push({
      label: name,
      size: spec.kind === 'id' ? id! : shortSize(spec),
      offset: offsetText(type, index).replace(' or ', '/'),
    })
  }
  return cells
}

/** The bytes of a type as boxes, and those of its compound fields below. */
export function writeLayout(page: Page, type: PacketType): void {
  writePicture(page, cellsOf(type))
  for (const [index, {name, spec}] of type.placed.entries()) {
    const [least, most] = offsetBounds(type, index)
    const start = least === most ? least : undefined
    const part = (text: string, cells: readonly Cell[]) => {
      page.line()
      page.text(text, 2)
      writePicture(page, cells)
    }
    if (spec.kind === 'box') part(`${name}, a sealed box`, boxCells(type, spec.min, spec.max, start))
    else if (spec.kind === 'ip_port' || spec.kind === 'node') part(`${name}`, addressCells(spec, start))
  }
}

/** Offsets where the packet has the part at `start`; undefined: from the part's own first byte, with a plus. */
const at = (start: number | undefined, offset: number): string =>
  start === undefined ? `+${offset}` : `${start + offset}`

function boxCells(type: PacketType, least: number, most: number, start: number | undefined): Cell[] {
  const mac: Cell = {label: 'MAC', size: `${limits.mac} bytes`, offset: at(start, 0)}
  const {plain} = type
  if (plain)
    return [
      mac,
      ...plain.placed.map(({name, spec, offset}) => ({
        label: name,
        size: shortSize(spec),
        offset: at(start, limits.mac + offset!),
      })),
    ]
  const [small, large] = [least - limits.mac, most - limits.mac]
  return [
    mac,
    {
      label: 'sealed plaintext',
      size: `${small === large ? small : `${small}-${large}`} bytes`,
      offset: at(start, limits.mac),
    },
  ]
}

function addressCells(spec: IpPortField | NodeField, start: number | undefined): Cell[] {
  const family: Cell = {label: 'family', size: '1 byte', offset: at(start, 0)}
  if (spec.kind === 'ip_port' && spec.padded) {
    return [
      family,
      {label: 'ip', size: '16 bytes (IPv4: 4, then 12 of zero)', offset: at(start, 1)},
      {label: 'port', size: '2 bytes', offset: at(start, 17)},
    ]
  }
  const cells = [
    family,
    {label: 'ip', size: '4 or 16 bytes', offset: at(start, 1)},
    {label: 'port', size: '2 bytes', offset: `${at(start, 5)}/${at(start, 17)}`},
  ]
  return spec.kind === 'node'
    ? [...cells, {label: 'pk', size: '32 bytes', offset: `${at(start, 7)}/${at(start, 19)}`}]
    : cells
}

import fc from 'fast-check'
import type {FieldSpec, Fields} from '../../src/wire/field.js'
import type {PacketType} from '../../src/wire/packet.js'
import {isIpv4Family} from '../../src/wire/sizes.js'
import type {IpPort} from '../../src/wire/text/address.js'
import {textBytes, textOf} from '../../src/wire/text/utf8.js'
import {noShift, Window} from '../../src/wire/window.js'
import type {PartialValues} from '../../src/wire/write.js'
import {codePoint} from './code-point.js'

const exactly = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({minLength: size, maxLength: size})

/** Long tails cost time and show nothing new. */
const tail = (min: number, max: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({minLength: min, maxLength: Math.min(max, min + 64)})

const ipOf = (isIpv4: boolean): fc.Arbitrary<string> => (isIpv4 ? fc.ipV4() : fc.ipV6().map(canonical))

/** The address as RFC 5952 writes it, which is how it is read. */
function canonical(ip: string): string {
  const text = new URL(`http://[${ip}]/`).hostname.slice(1, -1)
  return text
}

const addressOf = (families: readonly number[], padded: boolean): fc.Arbitrary<IpPort> =>
  fc.constantFrom(...families).chain(family => {
    const isIpv4 = isIpv4Family(family)
    const padding =
      isIpv4 && padded
        ? fc.oneof(
            fc.constant(undefined),
            exactly(12).map(bytes => Buffer.from(bytes).toString('hex')),
          )
        : fc.constant(undefined)
    return fc.record({ip: ipOf(isIpv4), port: fc.nat(65535), padding}).map(each => ({
      family,
      ip: each.ip,
      port: each.port,
      ...(each.padding && !/^0*$/.test(each.padding) && {padding: each.padding}),
    }))
  })

function fieldValue(spec: FieldSpec, type: PacketType): fc.Arbitrary<unknown> {
  switch (spec.kind) {
    case 'bytes':
      return exactly(spec.size)
    case 'uint': {
      if (spec.size === 8) return fc.bigInt({min: 0n, max: 2n ** 64n - 1n})
      const most = 2 ** (8 * Math.min(spec.size, 4)) - 1
      return fc.oneof(...(spec.allowed ?? [[0, most] as const]).map(([min, max]) => fc.integer({min, max})))
    }
    case 'id': {
      const [min, max] = type.id as readonly [number, number]
      return fc.integer({min, max})
    }
    case 'ip_port':
      return addressOf(spec.families, spec.padded)
    case 'node':
      return fc
        .tuple(addressOf(spec.families ?? [2, 10, 130, 138], false), exactly(32))
        .map(([address, pk]) => ({...address, pk: Buffer.from(pk).toString('hex')}))
    case 'rest':
    case 'box':
      return tail(spec.min, spec.max)
    case 'text':
      return fc
        .string({
          unit: codePoint,
          ...(spec.filledTo === undefined
            ? {minLength: spec.min, maxLength: Math.min(spec.max, spec.min + 64)}
            : {maxLength: spec.filledTo / 4}),
        })
        .map(text => (spec.filledTo === undefined ? text : text.replace(/\0+$/, '')))
        .map(text => textOf(new TextEncoder().encode(text), 0, new TextEncoder().encode(text).length))
        .filter(text => textBytes(text).length <= spec.max)
    case 'zeros':
      return fc.nat(spec.max)
    case 'struct':
      return fieldValues(spec.fields, type)
    case 'list':
      return fc.array(fieldValue(spec.of, type), {minLength: spec.min, maxLength: Math.min(spec.max, spec.min + 4)})
  }
}

/** Values of fields that belong together: numbers that count others say what those have. */
const fieldValues = (fields: Fields, type: PacketType): fc.Arbitrary<PartialValues> =>
  fc
    .record(Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, fieldValue(spec, type)])))
    .map(values => coherent(fields, values))

function coherent(fields: Fields, drawn: PartialValues): PartialValues {
  const values = {...drawn}
  for (const [name, spec] of Object.entries(fields)) {
    if (spec.when && !spec.when.is.includes(values[spec.when.field] as number)) values[name] = null
    const value = values[name]
    // Zero bytes end at the first other byte.
    if (spec.kind === 'rest' && Object.values(fields).some(({kind}) => kind === 'zeros'))
      values[name] = Uint8Array.of(1, ...(value as Uint8Array).subarray(1))
    if (spec.kind === 'text' && spec.sizedBy) values[spec.sizedBy] = textBytes(value as string).length
    if (spec.kind === 'list' && spec.countedBy) values[spec.countedBy] = (value as readonly unknown[]).length
  }
  return values
}

/** Values of a well-formed packet of a type, by field. */
export const valuesOf = (type: PacketType): fc.Arbitrary<PartialValues> => fieldValues(type.fields, type)

/** Bytes standing somewhere in others, as packets stand in a stream. */
export const windowIn = (type: PacketType, packet: Uint8Array, before: number): Window => {
  const bytes = new Uint8Array(before + packet.length + 3).fill(0xa5)
  bytes.set(packet, before)
  return new Window(type, bytes, before, before + packet.length, noShift)
}

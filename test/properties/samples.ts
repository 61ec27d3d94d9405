import fc from 'fast-check'
import type {FieldSpec, IpPort} from '../../src/wire/field.js'
import type {PacketType} from '../../src/wire/packet.js'
import {isIpv4Family} from '../../src/wire/sizes.js'
import {noShift, Window} from '../../src/wire/window.js'
import type {PartialValues} from '../../src/wire/write.js'

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
        .tuple(addressOf([2, 10, 130, 138], false), exactly(32))
        .map(([address, pk]) => ({...address, pk: Buffer.from(pk).toString('hex')}))
    case 'rest':
    case 'box':
      return tail(spec.min, spec.max)
  }
}

/** Values of a well-formed packet of a type, by field. */
export const valuesOf = (type: PacketType): fc.Arbitrary<PartialValues> =>
  fc.record(Object.fromEntries(type.placed.map(({name, spec}) => [name, fieldValue(spec, type)])))

/** Bytes standing somewhere in others, as packets stand in a stream. */
export const windowIn = (type: PacketType, packet: Uint8Array, before: number): Window => {
  const bytes = new Uint8Array(before + packet.length + 3).fill(0xa5)
  bytes.set(packet, before)
  return new Window(type, bytes, before, before + packet.length, noShift)
}

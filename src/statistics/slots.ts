import {types} from '../protocol/table.js'
import type {Layer} from '../wire/field.js'

/** What packets are counted by: the place of their type in the table of types, or one of the places after it. */
export const Slot = {
  /** No key. */
  sealed: types.length,
  /** A key, but the MAC does not match. */
  failed: types.length + 1,
  /** Frames without a packet. */
  empty: types.length + 2,
  prelude: types.length + 3,
} as const

export const slotCount = types.length + 4

const ofType = new Map(types.map((type, index) => [type.name, index]))

/** The slot of a type's name. */
export const slotNamed = (name: string): number => ofType.get(name) ?? Slot.empty

/** The slot of a packet's first byte. */
export const slotOfId = new Uint8Array(256)
/**
 * Where a packet of that first byte has the first byte of what it carries; 0: what it carries is not distinguished.
 */
export const innerAt = new Uint8Array(256)

for (const [slot, {layer, id, placed, tail}] of types.entries()) {
  if (layer !== 'packet' || id === null) continue
  const [low, high] = typeof id === 'number' ? [id, id] : id
  const carried = placed[tail]
  slotOfId.fill(slot, low, high + 1)
  if (carried?.spec.kind === 'rest' && carried.spec.layer !== undefined)
    innerAt.fill(carried.offset ?? 0, low, high + 1)
}

/** The layer of what packets of a slot carry. */
export function innerLayer(slot: number): Layer | undefined {
  const type = types[slot]
  const spec = type?.placed[type.tail]?.spec
  return spec?.kind === 'rest' ? spec.layer : undefined
}

import {concatBytes} from '../wire/bytes.js'
import type {Slice} from './expression.js'
import type {Value} from './values.js'

/** Cuts bytes or text. @returns undefined where the value has not all of the part. */
function cut<V extends string | Uint8Array>(value: V, {start, length, last}: Slice): V | undefined {
  const from = start < 0 ? value.length + start : start
  const to =
    length !== undefined
      ? from + length
      : last !== undefined
        ? (last < 0 ? value.length + last : last) + 1
        : value.length
  if (from < 0 || to > value.length || from >= to) return undefined
  return (typeof value === 'string' ? value.slice(from, to) : value.subarray(from, to)) as V
}

function parts(value: string | Uint8Array, slices: readonly Slice[]): string | Uint8Array | undefined {
  if (slices.length === 1) return cut(value, slices[0]!)
  const found: (string | Uint8Array)[] = []
  for (const slice of slices) {
    const part = cut(value, slice)
    if (part === undefined) return undefined
    found.push(part)
  }
  return typeof value === 'string' ? found.join('') : concatBytes(found as Uint8Array[])
}

/** The sliced values; those that are too short drop out. */
export function sliceAll(values: readonly Value[], slices: readonly (readonly Slice[])[]): Value[] {
  const found: Value[] = []
  for (const value of values) {
    let part: string | Uint8Array | undefined = value as string | Uint8Array
    for (const list of slices) part = part === undefined ? undefined : parts(part, list)
    if (part !== undefined) found.push(part)
  }
  return found
}

import {copyOf} from '../../wire/bytes.js'

/** An option of a pcapng block: its code, and its value without padding, in little-endian order whatever the file's. */
export type BlockOption = readonly [code: number, value: Uint8Array]

type ReadU16 = (bytes: Uint8Array, at: number) => number

/** Options that any block may have. */
export const blockOption = {comment: 1} as const

/** The comments among the options of a block, which may have several. */
export const commentsOf = (options: readonly BlockOption[]): string[] =>
  options.flatMap(([code, value]) => (code === blockOption.comment ? [new TextDecoder().decode(value)] : []))

/** Options of packets and of interfaces that are integers: their code and bytes. Draft-ietf-opsawg-pcapng 4. */
export const packetIntegers: ReadonlyMap<number, number> = new Map([
  [2, 4],
  [4, 8],
  [5, 8],
  [6, 4],
])
/** Options of interfaces that say what the times of their packets mean. */
export const interfaceOption = {resolution: 9, offset: 14} as const

export const interfaceIntegers: ReadonlyMap<number, number> = new Map([
  [8, 8],
  [10, 4],
  [14, 8],
  [16, 8],
  [17, 8],
])

/**
 * The options in `bytes[at..end)`, up to the one that ends them. Their values are copied.
 * @param isBig whether the file is big-endian: then integers are turned.
 */
export function readOptions(
  bytes: Uint8Array,
  at: number,
  end: number,
  {u16, isBig, integers}: {readonly u16: ReadU16; readonly isBig: boolean; readonly integers: typeof packetIntegers},
): BlockOption[] {
  const options: BlockOption[] = []
  let next = at
  while (end - next >= 4) {
    const code = u16(bytes, next)
    const length = u16(bytes, next + 2)
    const start = next + 4
    if (code === 0 || end - start < length) break
    const value = copyOf(bytes, start, start + length)
    options.push([code, isBig && integers.get(code) === length ? value.reverse() : value])
    next = start + ((length + 3) & ~3)
  }
  return options
}

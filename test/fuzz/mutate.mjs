/** Values that are often bounds: of bytes, of 16 and of 32 bits. */
const bounds = [0, 1, 2, 4, 7, 8, 15, 16, 17, 20, 31, 32, 33, 64, 127, 128, 255, 256, 1000, 2030, 2048, 2049, 4096]
const wideBounds = [32_767, 32_768, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff]

/** Most bytes of an input. */
export const mostBytes = 8192

/**
 * A changed copy of an input.
 * @param {Uint8Array} input
 * @param {() => number} next the next random number, from 0 to 1.
 * @param {{inputs: Uint8Array[], words: Uint8Array[]}} from what is spliced in.
 */
export function mutated(input, next, {inputs, words}) {
  const below = count => Math.floor(next() * count)
  const anyOf = list => list[below(list.length)]
  let bytes = Buffer.from(input)
  const insert = (at, part) => {
    bytes = Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)])
  }
  const set = change => {
    const at = below(bytes.length)
    if (at < bytes.length) bytes[at] = change(bytes[at])
  }
  const ways = [
    () => set(byte => byte ^ (1 << below(8))),
    () => set(() => below(256)),
    () => set(() => anyOf(bounds)),
    () => {
      if (bytes.length < 4) return
      const at = below(bytes.length - 3)
      const value = anyOf(next() < 0.5 ? bounds : wideBounds)
      if (next() < 0.3) bytes.writeUInt32LE(value, at)
      else if (next() < 0.5) bytes.writeUInt32BE(value, at)
      else bytes.writeUInt16BE(value & 0xffff, at)
    },
    () => insert(below(bytes.length + 1), Buffer.alloc(1 + below(8), below(256))),
    () => insert(below(bytes.length + 1), anyOf(words)),
    () => insert(below(bytes.length + 1), anyOf(words)),
    () => {
      const start = below(bytes.length)
      const end = Math.min(bytes.length, start + 1 + below(next() < 0.9 ? 16 : bytes.length))
      bytes = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
    },
    () => {
      const start = below(bytes.length)
      const part = bytes.subarray(start, start + 1 + below(64))
      insert(below(bytes.length + 1), part)
    },
    () => {
      const other = anyOf(inputs)
      const start = below(other.length)
      const part = other.subarray(start, start + 1 + below(next() < 0.8 ? 64 : other.length))
      const at = below(bytes.length + 1)
      if (next() < 0.5) insert(at, part)
      else bytes = Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at + part.length)])
    },
    () => {
      bytes = bytes.subarray(0, below(bytes.length + 1))
    },
  ]
  for (let steps = 1 + below(5); steps > 0; steps--) anyOf(ways.slice(0, next() < 0.97 ? -1 : undefined))()
  return new Uint8Array(bytes.subarray(0, mostBytes))
}

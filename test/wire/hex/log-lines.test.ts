import fc from 'fast-check'
import {describe, it} from 'vitest'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {parsePasted} from '../../../src/wire/hex/pasted.js'

/** What loggers print: a preface, and all bytes in pairs after it. */
const loggers: readonly (readonly [name: string, line: (pairs: string, count: number) => string])[] = [
  ['a name with a colon', pairs => `recv: ${pairs}`],
  ['a count and a colon', (pairs, count) => `recv ${count} bytes: ${pairs}`],
  ['a time, a level and a name', pairs => `2026-11-23 02:00:53 DEBUG sent: ${pairs}`],
  ['a count in short', (pairs, count) => `got ${count}B: ${pairs}`],
  ['a count at the end', (pairs, count) => `payload: ${pairs} (${count} bytes)`],
  ['a call', pairs => `bytes.fromhex("${pairs}")`],
  ['a name alone', pairs => `recv ${pairs}`],
]

/** A ping request of any bytes: more than four, which 04 would count, and none that counts those after it. */
const packets = fc
  .uint8Array({minLength: 5, maxLength: 60})
  .filter(bytes => bytes.every((byte, at) => (byte & 0xf) !== 0xb || byte >> 4 !== bytes.length - at - 1))
  .map(bytes => Uint8Array.of(0x04, ...bytes))

describe('no byte of a line of a log is taken for a count of bytes, whatever the packet holds', () => {
  it.each(loggers)('%s', (_, line) => {
    fc.assert(
      fc.property(packets, fc.boolean(), (packet, isUpperCase) => {
        const hex = toHex(packet)
        const pairs = hex.match(/../g)!.join(' ')
        const items = parsePasted(line(isUpperCase ? pairs.toUpperCase() : pairs, packet.length))
        return items.length === 1 && toHex(items[0]!.bytes) === hex
      }),
      {numRuns: 500},
    )
  })
})

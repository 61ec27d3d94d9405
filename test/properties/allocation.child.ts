import {packetWindow} from '../../src/protocol/table.js'
import {noShift, type Window} from '../../src/wire/window.js'

/**
 * Run by allocation.test.ts with a young generation so large that nothing is collected while it counts. Prints bytes a
 * call.
 */
const packets = [1, 4, 6, 8, 9, 10, 12, 16, 200].map(id => {
  const bytes = new Uint8Array(400)
  bytes[0] = id
  return bytes
})
const sink: (Window | undefined)[] = new Array(16).fill(undefined)
const calls = 250_000

function decode(): void {
  for (let i = 0; i < calls; i++) {
    const bytes = packets[i % packets.length]!
    sink[i & 15] = packetWindow(bytes, 0, bytes.length, i & 1 ? 18 : noShift)
  }
}

for (let round = 0; round < 8; round++) decode()
// Twice: the second waits until the first has given back the memory of array buffers, which it does in the background.
globalThis.gc!()
globalThis.gc!()
const before = process.memoryUsage()
decode()
const after = process.memoryUsage()
console.log(
  JSON.stringify({
    heap: (after.heapUsed - before.heapUsed) / calls,
    buffers: after.arrayBuffers - before.arrayBuffers,
    kept: sink.every(Boolean),
  }),
)

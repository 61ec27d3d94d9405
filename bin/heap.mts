import {setFlagsFromString} from 'node:v8'

/** V8's flags by name: what they are set to, and what they are at first. */
const flags = [
  // Percent of the live objects by which the heap grows before it is collected again; by itself, up to 300.
  ['heap-growing-percent', 30, 0],
  // The part of the heap for new objects keeps its first size: most of them are over with their packet.
  ['semi-space-growth-factor', 1, 2],
] as const

/**
 * Let the heap of this process and of its threads grow slowly: a capture with tens of thousands of open connections
 * needs half of the memory, and an ordinary one no more time. Compiled code is only taken with the flags that it was
 * made with, so that they are as before when it is written, at the end.
 */
export function growHeapSlowly(): void {
  for (const [name, value] of flags) setFlagsFromString(`--${name}=${value}`)
  process.prependOnceListener('exit', () => {
    for (const [name, , first] of flags) setFlagsFromString(`--${name}=${first}`)
  })
}

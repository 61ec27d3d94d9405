import {setFlagsFromString} from 'node:v8'

/** Percent of the live objects by which the heap grows before it is collected again; V8's own choice is up to 300. */
const growingPercent = 30

/**
 * Let the heap of this process and of its threads grow slowly: a capture with tens of thousands of open connections
 * needs two thirds of the memory, and an ordinary one, of which little stays alive, no more time. Compiled code is only
 * taken with the flags that it was made with, so that they are as before when it is written, at the end.
 */
export function growHeapSlowly(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`)
  process.prependOnceListener('exit', () => setFlagsFromString('--heap-growing-percent=0'))
}

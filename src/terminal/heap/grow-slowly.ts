import {getHeapSpaceStatistics, setFlagsFromString} from 'node:v8'
import {newSpaceGrowth} from './new-space.js'

/**
 * The option of V8 for the growth of the heap before it is collected again.
 * @param percent of the live objects; 0: as V8 chooses, up to 300.
 */
const heapGrowth = (percent: number): string => `--heap-growing-percent=${percent}`

/** Bytes of both halves of the part for new objects. */
const newBytes = 8 * 1024 * 1024
/** Objects that survive until it grows, at most: about 2 MB. */
const mostSurvivors = 2048

let isSlow = false

/**
 * Let the heap of this process and of its threads grow slowly: a capture with tens of thousands of open connections
 * needs half of the memory, and an ordinary one no more time. Compiled code is only taken with the flags that it was
 * made with, so that they are as before when it is written, at the end.
 */
export function growHeapSlowly(): void {
  if (isSlow) return
  isSlow = true
  setFlagsFromString(heapGrowth(15))
  growNewSpace()
  setFlagsFromString(newSpaceGrowth(1))
  // A thread says it again once it runs, but one that was not needed does not get that far.
  process.on('worker', worker => worker.once('exit', () => setFlagsFromString(newSpaceGrowth(1))))
  process.prependOnceListener('exit', () => {
    setFlagsFromString(heapGrowth(0))
    setFlagsFromString(newSpaceGrowth(2))
  })
}

/**
 * Make the part of the heap for new objects as large as it stays: most objects are over with their packet, and each
 * collection of a small part costs a millisecond. Only the command line of node has an option for that, so let objects
 * survive until V8 enlarges it.
 */
function growNewSpace(): void {
  const survivors: number[][] = []
  while (newSpaceBytes() < newBytes && survivors.length < mostSurvivors)
    for (let i = 0; i < 64; i++) survivors.push(new Array<number>(128).fill(0))
}

const newSpaceBytes = (): number =>
  getHeapSpaceStatistics().find(({space_name}) => space_name === 'new_space')?.space_size ?? 0

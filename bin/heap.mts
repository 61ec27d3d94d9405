import {getHeapSpaceStatistics, setFlagsFromString} from 'node:v8'
import {keptNewSpace} from './kept-new-space.mjs'

/** Percent of the live objects by which the heap grows before it is collected again; by itself, up to 300. */
const growing = {name: 'heap-growing-percent', first: 0}
/** Factor by which the part of the heap for new objects grows, where many of them survive a collection. */
const newGrowing = {name: 'semi-space-growth-factor', first: 2}

/** Bytes of both halves of the part for new objects. */
const newBytes = 8 * 1024 * 1024
/** Objects that survive until it grows, at most: about 2 MB. */
const mostSurvivors = 2048

const set = ({name}: {readonly name: string}, value: number): void => setFlagsFromString(`--${name}=${value}`)

/**
 * Let the heap of this process and of its threads grow slowly: a capture with tens of thousands of open connections
 * needs half of the memory, and an ordinary one no more time. Compiled code is only taken with the flags that it was
 * made with, so that they are as before when it is written, at the end.
 */
export function growHeapSlowly(): void {
  set(growing, 30)
  growNewSpace()
  setFlagsFromString(keptNewSpace)
  process.prependOnceListener('exit', () => {
    for (const flag of [growing, newGrowing]) set(flag, flag.first)
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

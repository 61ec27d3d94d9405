import {readFileSync} from 'node:fs'

/** Seconds of processor time of a process, all its threads. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  // utime and stime, in ticks of which a second has 100.
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Seconds of processor time of the first thread of a process, to the nanosecond. */
export const firstThreadSeconds = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9

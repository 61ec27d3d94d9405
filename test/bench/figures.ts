import {appendFileSync} from 'node:fs'

/** What a measurement is held against. */
export type Goal = {readonly atMost: number} | {readonly atLeast: number}

/** One line of the table that `npm run bench` ends with. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** What follows the number: ` x`, ` MB`. */
  readonly unit: string
  readonly goal: Goal
}

/** File that collects the figures of a run, one in JSON a line; table.setup.ts makes it. */
export const figuresFile = 'TOXTCP_BENCH_FIGURES'

/** Note a measurement for the table. */
export function note(figure: Figure): void {
  const file = process.env[figuresFile]
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figure)}\n`)
}

/** The middle of several values. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

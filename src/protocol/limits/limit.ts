/** A size, count or time with its unit, and its names in the sources of both implementations. */
export interface Limit {
  readonly value: number
  readonly unit: 'bytes' | 'seconds' | 'ids' | 'count'
  readonly about: string
  /** c-toxcore's name or expression, if it has one. */
  readonly cToxcore?: string
  /** tox-rs's name or expression, if it has one. */
  readonly toxRs?: string
}

/** Declares a limit. */
export const limit = (value: number, unit: Limit['unit'], about: string, cToxcore?: string, toxRs?: string): Limit => ({
  value,
  unit,
  about,
  ...(cToxcore && {cToxcore}),
  ...(toxRs && {toxRs}),
})

/** The end of the title of a measurement: why it is left out, if it is. @param program what it needs. */
export const leftOut = (isThere: boolean, program: string): string =>
  isThere ? '' : ` (left out: ${program} is not installed)`

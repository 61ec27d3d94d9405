/** Versions of the implementations whose reactions were read in their sources and measured. */
export const measuredVersions = {
  'c-toxcore': ['0.2.18', '0.2.23'],
  'tox-rs': ['5ab95a6'],
} as const

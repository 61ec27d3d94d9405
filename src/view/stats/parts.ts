/** Parts of the statistics, by the names that --only takes, with their members of the JSON object. */
export const statisticsParts = {
  throughput: 'throughput',
  types: 'types',
  opened: 'opened',
  connections: 'connections',
  endings: 'connections',
  routes: 'routes',
  pings: 'pings',
  sessions: 'crypto_sessions',
  onion: 'onion',
  findings: 'findings',
} as const

export type StatisticsPart = keyof typeof statisticsParts
export const statisticsPartNames = Object.keys(statisticsParts) as StatisticsPart[]

import {BaseSequencer, type TestSpecification} from 'vitest/node'

/**
 * Files that take longest. They begin first, so that none of them is left at the end, and those that wait for real
 * programs between those that compute, so that neither leaves a core idle.
 */
const longest = [
  'real/embedded-relay',
  'reading/engines',
  'real/client-suite',
  'real/goodbyes',
  'probe/client',
  'commands/proxy',
  'properties/types',
  'real/scripts',
  'reading/lifetimes',
  'real/toxic',
  'commands/parquet',
  'real/suite',
  'commands/read',
  'reading/shards',
  'real/proxy',
  'package',
  'real/harness',
  'reading/damage',
  'real/keys-log',
  'view/record-schema',
  'commands/view',
  'bin/load',
  'real/follow',
  'commands/recording',
  'probe/faults',
  'actions/stats',
  'real/proxy-view',
  'commands/examples',
  'commands/proxy-view',
  'real/probe',
  'proxy/tap',
  'reading/field-captures',
  'real/calls',
  'real/ipv6-relay',
  'terminal/completion',
  'actions/decode',
  'reading/key-mixups',
  'reading/forgeries',
  'proxy/inspection/past-connections',
]

const rank = ({moduleId}: TestSpecification): number => {
  const at = longest.findIndex(name => moduleId.endsWith(`test/${name}.test.ts`))
  return at === -1 ? longest.length : at
}

/** The longest files first, then the order of Vitest: by size, or by the time that the latest run took. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

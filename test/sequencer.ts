import {BaseSequencer, type TestSpecification} from 'vitest/node'

/**
 * Files that take longest. They begin first, so that none of them is left at the end, and those that wait for real
 * programs between those that compute, so that neither leaves a core idle.
 */
const longest = [
  'real/embedded-relay',
  'real/suite',
  'commands/read',
  'real/client-suite',
  'reading/engines',
  'real/toxic',
  'reading/damage',
  'real/scripts',
  'probe/client',
  'real/probe',
  'properties/types',
  'real/proxy',
  'reading/lifetimes',
  'real/keys-log',
  'commands/proxy',
  'commands/parquet',
  'real/harness',
  'package',
  'reading/shards',
  'real/conversation',
  'bin/load',
  'probe/faults',
  'commands/view',
  'real/proxy-view',
  'reading/spilled-bytes',
  'commands/recording',
  'library/examples',
  'real/follow',
  'reading/field-captures',
  'real/ipv6-relay',
  'commands/examples',
  'reading/forgeries',
  'view/record-schema',
  'actions/explain',
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

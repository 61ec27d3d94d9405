import {BaseSequencer, type TestSpecification} from 'vitest/node'

/**
 * Files that take longest. They begin first, so that none of them is left at the end, and those that wait for real
 * programs between those that compute, so that neither leaves a core idle.
 */
const longest = [
  'real/scripts',
  'reading/field-captures',
  'real/embedded-relay',
  'commands/read',
  'real/proxy',
  'session/recognition/other-protocols',
  'commands/view',
  'view/record-schema',
  'real/suite',
  'actions/explain',
  'real/harness',
  'commands/examples',
  'probe/embedded',
  'properties/types',
  'commands/proxy',
  'package',
  'real/follow',
  'reading/forgeries',
  'probe/faults',
  'library/examples',
  'commands/recording',
  'reading/damage',
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

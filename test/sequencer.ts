import {BaseSequencer, type TestSpecification} from 'vitest/node'

/**
 * Files that take longest. They begin first, so that none of them is left at the end. Three at a time wait for real
 * programs and their clocks, and the others compute meanwhile, so that no core is idle.
 */
const longest = [
  'real/client-suite',
  'real/embedded-relay',
  'probe/client',
  'commands/proxy',
  'real/proxy',
  'commands/read',
  'session/inner/many-sessions',
  'bin/load',
  'real/follow',
  'commands/recording',
  'commands/widths',
  'real/scripts',
  'actions/decode',
  'proxy/inspection/past-connections',
  'session/inner/inner-opener',
  'reading/partial-captures',
  'commands/proxy-view',
  'commands/examples',
  'real/toxic',
  'terminal/completion',
  'commands/hostile-packets',
  'real/suite',
  'real/faulty-link',
  'real/ipv6-relay',
  'files/bounded-file',
  'actions/stats',
  'commands/secrets',
  'probe/embedded',
  'reading/unpack',
  'real/proxy-view',
  'real/probe',
  'package',
  'real/harness',
  'real/goodbyes',
  'session/half-closed',
  'commands/hostile-inner',
  'browse/hostile-texts',
  'reading/forgeries',
  'probe/faults',
  'library/examples',
  'architecture',
  'commands/view',
  'proxy/tap',
  'reading/record-store',
  'commands/wrong-calls',
  'real/messenger-limits',
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

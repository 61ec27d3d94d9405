import {BaseSequencer, type TestSpecification} from 'vitest/node'

/**
 * Files that take longest. They begin first, so that none of them is left at the end. Three at a time wait for real
 * programs and their clocks, and the others compute meanwhile, so that no core is idle.
 */
const longest = [
  'real/relay/client-suite',
  'real/relay/embedded-relay',
  'probe/client',
  'commands/proxy/proxy',
  'real/proxy/proxy',
  'commands/reading/read',
  'session/inner/many-sessions',
  'bin/load',
  'real/proxy/follow',
  'commands/proxy/recording',
  'commands/widths',
  'real/proxy/scripts',
  'actions/decode/decode',
  'proxy/inspection/past-connections',
  'session/inner/inner-opener',
  'reading/damaged/partial-captures',
  'commands/proxy/proxy-view',
  'commands/help/examples',
  'real/clients/toxic',
  'terminal/completion',
  'commands/hostile/hostile-packets',
  'real/relay/suite',
  'real/proxy/faulty-link',
  'real/relay/ipv6-relay',
  'files/bounded-file',
  'actions/stats/stats',
  'commands/secrets/secrets',
  'probe/embedded',
  'reading/unpack',
  'real/proxy/proxy-view',
  'real/relay/probe',
  'package',
  'real/relay/harness',
  'real/clients/goodbyes',
  'session/half-closed',
  'commands/hostile/hostile-inner',
  'browse/hostile-texts',
  'reading/damaged/forgeries',
  'probe/faults',
  'library/examples',
  'architecture',
  'commands/view',
  'proxy/tap',
  'reading/record-store',
  'commands/calls/wrong-calls',
  'real/clients/messenger-limits',
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

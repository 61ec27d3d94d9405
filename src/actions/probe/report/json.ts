import type {RelayProbe} from '../../../probe/relay-probe.js'
import {isKeyProved, relayKeyText} from './relay-key.js'
import {verdictText} from './verdict.js'

/** Milliseconds with three digits after the point. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000

/** The result of one relay, as `--json` prints it. */
export function probeJson(probe: RelayProbe) {
  const {relay, ip, isHealthy, fault, failedStage, stages, pings, broken, milliseconds} = probe
  return {
    relay: {host: relay.host, port: relay.port, public_key: relayKeyText(relay, isKeyProved(probe))},
    ip,
    healthy: isHealthy,
    verdict: verdictText(probe),
    fault,
    failed_stage: failedStage,
    stages: stages.map(each => ({
      ...each,
      milliseconds: each.milliseconds === null ? null : rounded(each.milliseconds),
    })),
    ping: pings && {count: pings.count, min: rounded(pings.min), mean: rounded(pings.mean), max: rounded(pings.max)},
    broken_rules: broken,
    milliseconds: rounded(milliseconds),
  }
}

/** The results of several relays. */
export function probesJson(probes: readonly RelayProbe[]) {
  const healthy = probes.filter(({isHealthy}) => isHealthy).length
  return {relays: probes.map(probeJson), healthy, unhealthy: probes.length - healthy}
}

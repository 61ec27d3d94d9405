import type {RelayProbe} from '../../../probe/relay-probe.js'
import {addressText} from '../../../proxy/explicit/address.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {isKeyProved, relayKeyText} from './relay-key.js'

/** What is known of one relay over all rounds. */
interface Watched {
  latest: RelayProbe
  /** Whether a round proved the key. */
  isProved: boolean
  rounds: number
  failures: number
  /** Seconds since 1970 at the end of the latest round. */
  endedAt: number
}

/** One metric in the text format of Prometheus. */
interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  /** Values with their further labels. */
  values(watched: Watched): readonly (readonly [labels: string, value: number])[]
}

const metrics: readonly Metric[] = [
  {
    name: 'toxtcp_probe_healthy',
    type: 'gauge',
    help: 'Whether the relay passed every stage of the latest probe.',
    values: ({latest}) => [['', latest.isHealthy ? 1 : 0]],
  },
  {
    name: 'toxtcp_probe_ping_seconds',
    type: 'gauge',
    help: 'Mean round trip of the pings of the latest probe.',
    values: ({latest: {pings}}) => (pings ? [['', pings.mean / 1000]] : []),
  },
  {
    name: 'toxtcp_probe_stage_ok',
    type: 'gauge',
    help: 'Whether a stage of the latest probe passed. Stages that were skipped are absent.',
    values: ({latest}) =>
      latest.stages.flatMap(({stage, outcome}) =>
        outcome === 'skipped' ? [] : [[`stage="${stage}"`, outcome === 'ok' ? 1 : 0] as const],
      ),
  },
  {
    name: 'toxtcp_probe_stage_seconds',
    type: 'gauge',
    help: 'Time that a stage of the latest probe took.',
    values: ({latest}) =>
      latest.stages.flatMap(({stage, milliseconds}) =>
        milliseconds === null ? [] : [[`stage="${stage}"`, milliseconds / 1000] as const],
      ),
  },
  {
    name: 'toxtcp_probe_fault',
    type: 'gauge',
    help: 'Present with the value 1 and the kind of fault while the relay is not healthy.',
    values: ({latest: {fault}}) => (fault === null ? [] : [[`fault="${fault}"`, 1]]),
  },
  {
    name: 'toxtcp_probe_rounds_total',
    type: 'counter',
    help: 'Probes of the relay.',
    values: ({rounds}) => [['', rounds]],
  },
  {
    name: 'toxtcp_probe_failures_total',
    type: 'counter',
    help: 'Probes after which the relay was not healthy.',
    values: ({failures}) => [['', failures]],
  },
  {
    name: 'toxtcp_probe_timestamp_seconds',
    type: 'gauge',
    help: 'End of the latest probe, in seconds since 1970.',
    values: ({endedAt}) => [['', endedAt]],
  },
]

const escaped = (label: string): string => label.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')

const labelsOf = ({latest: {relay}, isProved}: Watched): string =>
  `relay="${escaped(addressText(relay))}",key="${relayKeyText(relay, isProved)}"`

/** The metrics of relays that are probed again and again. */
export class ProbeMetrics {
  readonly #relays = new Map<string, Watched>()

  /** @param endedAt seconds since 1970. */
  add(probe: RelayProbe, endedAt: number): void {
    const id = `${addressText(probe.relay)} ${toHex(probe.relay.publicKey)}`
    const {isProved = false, rounds = 0, failures = 0} = this.#relays.get(id) ?? {}
    this.#relays.set(id, {
      latest: probe,
      isProved: isProved || isKeyProved(probe),
      rounds: rounds + 1,
      failures: failures + (probe.isHealthy ? 0 : 1),
      endedAt,
    })
  }

  /** All metrics in the text format of Prometheus, version 0.0.4. */
  get text(): string {
    return metrics
      .map(({name, type, help, values}) => {
        const lines = [...this.#relays.values()].flatMap(watched =>
          values(watched).map(
            ([more, value]) => `${name}{${labelsOf(watched)}${more === '' ? '' : `,${more}`}} ${value}\n`,
          ),
        )
        return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
      })
      .join('')
  }
}

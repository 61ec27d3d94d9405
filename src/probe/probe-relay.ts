import {isIP} from 'node:net'
import {plainAddress} from '../proxy/explicit/address.js'
import {diagnose} from './diagnosis.js'
import {connect, resolve} from './net/connect.js'
import {Observation} from './observation.js'
import {RelayChecks} from './relay-checks.js'
import {RelayConnection} from './relay-connection.js'
import type {Fault, HandshakeFault, RelayProbe} from './relay-probe.js'
import {type StageName, type StageResult, stages} from './stages.js'
import type {ProbeOptions} from './target.js'

const faultsOfStages: Readonly<Partial<Record<StageName, Fault>>> = {name: 'unknown_name', connect: 'unreachable'}

/** Collects the results of the stages. */
class Results {
  readonly all: StageResult[] = []
  readonly #progress: (stage: StageName) => void

  constructor(progress: (stage: StageName) => void = () => {}) {
    this.#progress = progress
  }

  begin(stage: StageName): void {
    this.#progress(stage)
  }

  ok(stage: StageName, milliseconds: number | null, detail = ''): void {
    this.all.push({stage, outcome: 'ok', milliseconds, detail})
  }

  failed(stage: StageName, detail: string): void {
    this.all.push({stage, outcome: 'failed', milliseconds: null, detail})
  }

  skipped(stage: StageName, detail: string): void {
    this.all.push({stage, outcome: 'skipped', milliseconds: null, detail})
  }
}

/** Check a relay stage by stage, with progress. Never rejects because of what the relay does. */
export async function probeTarget(options: ProbeOptions): Promise<RelayProbe> {
  const start = performance.now()
  const results = new Results(options.progress)
  const observation = new Observation(options.box, options.relay.publicKey)
  const reached = await reach(options, results, observation)
  let pings: RelayProbe['pings'] = null
  if (reached.connection) {
    const checks = new RelayChecks(options, reached.addresses, reached.connection, observation)
    try {
      for (const {stage, run} of checks.all) {
        results.begin(stage)
        results.all.push({stage, ...(await run())})
        if (stage === 'ping' && results.all.at(-1)!.outcome === 'failed') break
      }
      pings = checks.pings
    } finally {
      checks.close()
    }
  }
  for (const stage of Object.keys(stages) as StageName[])
    if (!results.all.some(result => result.stage === stage)) results.skipped(stage, '')
  return verdictOf(options, results.all, reached, {pings, observation, milliseconds: performance.now() - start})
}

/** How far the connection came. */
interface Reached {
  readonly addresses: readonly string[]
  readonly ip: string | null
  readonly connection: RelayConnection | undefined
  readonly fault?: HandshakeFault
}

/** The stages up to the handshake. */
async function reach(options: ProbeOptions, results: Results, observation: Observation): Promise<Reached> {
  const nowhere: Reached = {addresses: [], ip: null, connection: undefined}
  const {socks, relay} = options
  results.begin('name')
  const resolved = await resolve(options)
  if (resolved.kind === 'failed') {
    results.failed('name', resolved.detail)
    return nowhere
  }
  const {addresses} = resolved
  if (isIP(relay.host)) results.skipped('name', 'an address')
  else if (socks) results.skipped('name', 'left to the proxy')
  else results.ok('name', resolved.milliseconds, addresses.join(', '))
  results.begin('connect')
  const connected = await connect(options, addresses)
  if (connected.kind === 'failed') {
    results.failed('connect', connected.detail)
    return nowhere
  }
  const {socket} = connected
  const peer = socket.endpoints.remote?.ip
  const ip = socks || peer === undefined ? null : plainAddress(peer)
  results.ok('connect', connected.milliseconds, socks ? 'through the proxy' : '')
  results.begin('handshake')
  const started = performance.now()
  const connection = new RelayConnection({...options, socket, observation})
  const outcome = await connection.handshake(options.timeoutMilliseconds)
  if (outcome === 'open') {
    results.ok('handshake', performance.now() - started)
    results.ok('boxes', null)
    return {addresses, ip, connection}
  }
  connection.close()
  const {fault, detail} = await diagnose(options, addresses, outcome, connection.banner)
  if (fault === 'box') results.ok('handshake', null)
  results.failed(fault === 'box' ? 'boxes' : 'handshake', detail)
  return {addresses, ip, connection: undefined, fault}
}

function verdictOf(
  {relay}: ProbeOptions,
  all: readonly StageResult[],
  {ip, fault}: Reached,
  rest: {pings: RelayProbe['pings']; observation: Observation; milliseconds: number},
): RelayProbe {
  const failed = all.find(({outcome}) => outcome === 'failed')?.stage ?? null
  // Where the handshake failed there is nothing more to say than why.
  const broken = fault === undefined ? rest.observation.broken : []
  const isBroken = broken.length > 0
  return {
    relay,
    ip,
    isHealthy: failed === null && !isBroken,
    fault: fault ?? (failed ? (faultsOfStages[failed] ?? 'stage') : isBroken ? 'rule' : null),
    failedStage: failed,
    stages: all,
    pings: rest.pings,
    broken,
    milliseconds: rest.milliseconds,
  }
}

import {randomBytes} from 'node:crypto'
import {setTimeout as pause} from 'node:timers/promises'
import type {Box, KeyPair} from '../../crypto/box.js'
import type {RelayModel} from '../../peer/relay/models.js'
import {limits} from '../../protocol/limits.js'
import {routeRequest} from '../../protocol/packets/route-request.js'
import type {Listeners} from '../../proxy/net/listener.js'
import {connect, packetOf, routed} from '../cases/packets.js'
import {farewellMilliseconds, routeMilliseconds, settledMilliseconds, vainConnections} from '../limits.js'
import type {PeerSocket} from '../net/peer-socket.js'
import {Observation} from '../observation.js'
import {isAlive, outcomeOf} from '../suite/fate.js'
import type {CaseResult, Outcome} from '../suite/suite-case.js'
import {type ClientBehaviour, clientBehaviourOf} from './client-behaviour.js'
import {type ClientCase, clientCases, type NamedCase} from './client-case.js'
import {ClientConnection} from './client-connection.js'
import {ClientQueue} from './client-queue.js'

/** A connection id that a relay may give, and the id of a packet that no implementation accepts. */
const firstId = 16
const reservedId = 12
const reservedBytes = 33

/** Options of `runClientSuite`. */
export interface ClientSuiteOptions {
  readonly box: Box
  /** The relay's long-term pair. */
  readonly keys: KeyPair
  /** Time limit of each step, also of the next connection of the client; the first one may come at any time. */
  readonly timeoutMilliseconds: number
  readonly stop: AbortSignal
  /** Called with the number of finished cases. */
  readonly progress?: ((finished: number, of: number) => void) | undefined
}

/**
 * Why no more cases were tried: all were; the client did not come back; its connections came to nothing; the user ended
 * it.
 */
export type ClientSuiteEnd = 'done' | 'gone' | 'vain' | 'stopped'

/** What a client did in each case. */
export interface ClientSuiteResult {
  readonly end: ClientSuiteEnd
  /** Cases that were tried, in order. */
  readonly results: readonly CaseResult[]
  /** Cases that need a client that asks for a route, which this one did not. */
  readonly unfit: readonly NamedCase[]
  /** Cases that were not tried because of the end. */
  readonly left: readonly NamedCase[]
  readonly behaviour: ClientBehaviour
}

/**
 * Wait for a client, and run one case on each of its connections. Never rejects because of what the client does.
 * @param listeners where clients connect; closed at the end.
 */
export async function runClientSuite(listeners: Listeners, options: ClientSuiteOptions): Promise<ClientSuiteResult> {
  const {timeoutMilliseconds, stop, progress} = options
  const queue = new ClientQueue(listeners, stop)
  const cases = clientCases()
  const results: CaseResult[] = []
  const result = (end: ClientSuiteEnd, unfit: readonly ClientCase[] = []): ClientSuiteResult => ({
    end,
    results,
    unfit,
    left: unfit.length > 0 ? [] : cases.slice(results.length),
    behaviour: clientBehaviourOf(results),
  })
  let vain = 0
  try {
    while (results.length < cases.length) {
      const socket = await queue.next(results.length > 0 ? timeoutMilliseconds : undefined)
      if (!socket) return result(stop.aborted ? 'stopped' : vain > 0 ? 'vain' : 'gone')
      const done = await onConnection(cases[results.length]!, socket, options)
      // What a client does on a connection that the user ends says nothing.
      if (stop.aborted) return result('stopped')
      if (done === 'unfit') return result('done', cases.slice(results.length))
      if (done !== 'vain') results.push(done)
      vain = done === 'vain' ? vain + 1 : 0
      if (vain >= vainConnections) return result('vain')
      progress?.(results.length, cases.length)
    }
    return result('done')
  } finally {
    queue.close()
  }
}

/**
 * Run a case on a connection.
 * @returns its result; `vain`: the connection did not come as far as an answered ping; `unfit`: the case is about the
 *   answer to a route request, and this client sends none.
 */
async function onConnection(
  each: ClientCase,
  socket: PeerSocket,
  {box, keys, timeoutMilliseconds: milliseconds, stop}: ClientSuiteOptions,
): Promise<CaseResult | 'vain' | 'unfit'> {
  const observation = new Observation(box, keys.publicKey, 'relay')
  const client = new ClientConnection({box, keys, socket, observation})
  const close = () => client.close()
  stop.addEventListener('abort', close)
  try {
    if (!(await client.handshake(milliseconds)) || !(await isAlive(client, milliseconds))) return 'vain'
    await pause(settledMilliseconds)
    const {before} = each
    const peer = before === 'free' ? undefined : await requestedKey(client, before === 'asked' ? routeMilliseconds : 0)
    if (before === 'asked' && !peer) return client.closed ? 'vain' : 'unfit'
    run(each, client, peer ?? randomBytes(limits.publicKey))
    const outcome = await outcomeOf(client, milliseconds)
    const judged = resultOf(each, observation, outcome)
    // c-toxcore sees that a relay has closed only when it writes: make it close itself, so that it comes back at once.
    if (outcome === 'kept') client.send(packetOf(reservedId, reservedBytes))
    if (outcome !== 'dropped') await client.closes(farewellMilliseconds)
    return judged
  } finally {
    stop.removeEventListener('abort', close)
    client.close()
  }
}

/** The key in a route request of the client; undefined if none comes in time. */
async function requestedKey(client: ClientConnection, milliseconds: number): Promise<Uint8Array | undefined> {
  const request = await client.receive(([id]) => id === routeRequest.id, milliseconds)
  return request?.subarray(1)
}

/** Send what comes before the packets of a case, and these. c-toxcore takes a route that it did not ask for, too. */
function run(each: ClientCase, client: ClientConnection, peer: Uint8Array): void {
  const {before} = each
  if (before === 'registered' || before === 'online') client.send(routed(firstId, peer))
  if (before === 'online') client.send(connect(firstId))
  each.send(client, peer)
}

function resultOf({name, before}: ClientCase, observation: Observation, outcome: Outcome): CaseResult {
  const rules = {
    'c-toxcore': observation.ownRules('c_toxcore_client', 'closes'),
    'tox-rs': observation.ownRules('tox_rs_client', 'closes'),
  }
  const fate = (model: RelayModel) => (rules[model].length > 0 ? 'dropped' : 'kept')
  const expected = {'c-toxcore': fate('c-toxcore'), 'tox-rs': fate('tox-rs')} as const
  return {name, before, needs: undefined, outcome, problem: '', expected, rules}
}

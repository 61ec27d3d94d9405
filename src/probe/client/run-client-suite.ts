import {setTimeout as pause} from 'node:timers/promises'
import type {Box, KeyPair} from '../../crypto/box.js'
import type {Effect, Receiver} from '../../expert/rule.js'
import {type RuleCode, ruleTable} from '../../expert/rules.js'
import type {RelayModel} from '../../peer/relay/models.js'
import {routeRequest} from '../../protocol/packets/route-request.js'
import type {Listeners} from '../../proxy/net/listener.js'
import {packetOf} from '../cases/packets.js'
import {farewellMilliseconds, settledMilliseconds, vainConnections} from '../limits.js'
import {isAlive} from '../suite/fate.js'
import type {CaseResult, Outcome} from '../suite/suite-case.js'
import {type ClientBehaviour, clientBehaviourOf} from './client-behaviour.js'
import type {ClientCase, NamedCase} from './client-case.js'
import {clientCases} from './client-cases.js'
import type {ClientConnection} from './client-connection.js'
import {ClientQueue} from './client-queue.js'

/** The id of a packet that no implementation accepts. */
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
 * Why no more cases were tried: all were; the client did not come back, or it did not after a wrong handshake, as
 * c-toxcore does; its connections came to nothing; the user ended it.
 */
export type ClientSuiteEnd = 'done' | 'gone' | 'forgotten' | 'vain' | 'stopped'

/** What a client did in each case. */
export interface ClientSuiteResult {
  readonly end: ClientSuiteEnd
  /** Cases that were tried, in order. */
  readonly results: readonly CaseResult[]
  /** Cases that need a client that asks for a route, which this one did not. */
  readonly unfit: readonly NamedCase[]
  /** Cases that were not tried because of the end. */
  readonly left: readonly NamedCase[]
  /** Milliseconds within which a client had to connect again. */
  readonly timeoutMilliseconds: number
  readonly behaviour: ClientBehaviour
}

/**
 * Wait for a client, and run one case on each of its connections. Never rejects because of what the client does.
 * @param listeners where clients connect; closed at the end.
 */
export async function runClientSuite(listeners: Listeners, options: ClientSuiteOptions): Promise<ClientSuiteResult> {
  const {timeoutMilliseconds, stop, progress} = options
  const queue = new ClientQueue(listeners, options)
  const all = clientCases()
  let left = all
  const results: CaseResult[] = []
  let unfit: readonly ClientCase[] = []
  const result = (end: ClientSuiteEnd): ClientSuiteResult => ({
    end,
    results,
    unfit,
    left,
    timeoutMilliseconds,
    behaviour: clientBehaviourOf(results),
  })
  let vain = 0
  try {
    while (left.length > 0) {
      const arrival = await queue.next(results.length > 0 ? timeoutMilliseconds : undefined)
      if (!arrival)
        return result(stop.aborted ? 'stopped' : vain > 0 ? 'vain' : isForgotten(results) ? 'forgotten' : 'gone')
      const done = arrival === 'vain' ? 'vain' : await visit(arrival, left, options)
      // What a client does on a connection that the user ends says nothing.
      if (stop.aborted) return result('stopped')
      if (done === 'unfit') {
        unfit = left.filter(({before}) => before === 'asked')
        left = left.filter(({before}) => before !== 'asked')
      } else if (done !== 'vain') {
        results.push(done.result)
        left = left.filter(each => each !== done.tried)
      }
      vain = done === 'vain' ? vain + 1 : 0
      if (vain >= vainConnections) return result('vain')
      progress?.(all.length - left.length, all.length)
    }
    return result('done')
  } finally {
    queue.close()
  }
}

/** Whether the client lost its last connection in a case after which c-toxcore forgets the relay. */
function isForgotten(results: readonly CaseResult[]): boolean {
  const last = results.at(-1)
  return last?.before === 'handshake' && last.outcome === 'dropped'
}

/** A case and its result. */
interface Tried {
  readonly tried: ClientCase
  readonly result: CaseResult
}

/**
 * Run a case on a connection.
 * @param left cases that were not tried, in their order.
 * @returns its result; `vain`: the connection did not come as far as an answered ping; `unfit`: only cases about the
 *   answer to a route request come before those that remain, and this client sends none.
 */
async function visit(
  client: ClientConnection,
  left: readonly ClientCase[],
  {timeoutMilliseconds: milliseconds, stop}: ClientSuiteOptions,
): Promise<Tried | 'vain' | 'unfit'> {
  const close = () => client.close()
  stop.addEventListener('abort', close)
  try {
    const first = left[0]!
    const isHandshake = first.before === 'handshake'
    if (!isHandshake && !(await isGreeted(client, first, milliseconds))) return 'vain'
    const asked = isHandshake ? undefined : await requestedKey(client, first.before === 'asked' ? milliseconds : 0)
    if (first.before === 'asked' && !asked) {
      if (!client.isOver) await dismiss(client)
      return 'unfit'
    }
    // A client that has asked for a route may not ask again on its next connection.
    const each = (asked && left.find(({before}) => before === 'asked')) ?? first
    const outcome = await each.run(client, {milliseconds, asked})
    const result = resultOf(each, client, outcome)
    if (outcome === 'kept') await dismiss(client)
    else if (outcome === 'stalled') await client.closes(farewellMilliseconds)
    return {tried: each, result}
  } finally {
    stop.removeEventListener('abort', close)
    client.close()
  }
}

/** Answer the handshake of a client. @returns whether the client then answers a ping. */
async function isGreeted(client: ClientConnection, {before}: ClientCase, milliseconds: number): Promise<boolean> {
  client.answersPings = before !== 'clientPinged'
  client.write(client.answer())
  if (!(await isAlive(client, milliseconds))) return false
  await pause(settledMilliseconds)
  return true
}

/**
 * Make the client close. c-toxcore sees that a relay has closed only when it writes; a client that closes comes back at
 * once.
 */
async function dismiss(client: ClientConnection): Promise<void> {
  client.send(packetOf(reservedId, reservedBytes))
  await client.closes(farewellMilliseconds)
}

/** The key in a route request of the client; undefined if none comes in time. */
async function requestedKey(client: ClientConnection, milliseconds: number): Promise<Uint8Array | undefined> {
  const request = await client.receive(([id]) => id === routeRequest.id, milliseconds)
  return request?.subarray(1)
}

const receiverOf = {'c-toxcore': 'c_toxcore_client', 'tox-rs': 'tox_rs_client'} as const

function resultOf({name, before, withheld}: ClientCase, {observation}: ClientConnection, outcome: Outcome): CaseResult {
  const rulesOf = (model: RelayModel): RuleCode[] => {
    const receiver = receiverOf[model]
    const broken = observation.ownRules(receiver, 'closes')
    return withheld && effectIn(withheld, receiver) === 'closes' ? [...new Set([...broken, withheld])] : broken
  }
  const broken = {'c-toxcore': rulesOf('c-toxcore'), 'tox-rs': rulesOf('tox-rs')}
  const fate = (model: RelayModel) => (broken[model].length > 0 ? 'dropped' : 'kept')
  const expected = {'c-toxcore': fate('c-toxcore'), 'tox-rs': fate('tox-rs')} as const
  return {name, before, needs: undefined, outcome, problem: '', expected, rules: broken}
}

const effectIn = (code: RuleCode, receiver: Receiver): Effect | undefined => ruleTable.get(code)?.effect[receiver]

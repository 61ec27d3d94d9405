import {randomBytes} from 'node:crypto'
import type {KeyPair} from '../../crypto/box.js'
import {limits} from '../../protocol/limits.js'
import {connectNotification} from '../../protocol/packets/connect-notification.js'
import {pingRequest} from '../../protocol/packets/ping-request.js'
import {routeResponse} from '../../protocol/packets/route-response.js'
import {pongTo, route} from '../cases/packets.js'
import {relayPingMilliseconds} from '../limits.js'
import {connect} from '../net/connect.js'
import {Observation} from '../observation.js'
import {RelayConnection} from '../relay-connection.js'
import type {ProbeContext} from '../target.js'
import {isAlive, outcomeOf} from './fate.js'
import {type CaseResult, type CaseScene, type Earlier, type SuiteCase, waitsForPing} from './suite-case.js'

/** Why a case could not be tried. */
class NotTried extends Error {}

/** Run one case on connections of its own. */
export async function runCase(
  each: SuiteCase,
  context: ProbeContext,
  addresses: readonly string[],
): Promise<CaseResult> {
  const observation = new Observation(context.box, context.relay.publicKey)
  const opened: RelayConnection[] = []
  const {timeoutMilliseconds: milliseconds} = context
  const dial = async (keys?: KeyPair, answersPings = true): Promise<RelayConnection> => {
    const connected = await connect(context, addresses)
    if (connected.kind === 'failed') throw new NotTried(connected.detail)
    const connection = new RelayConnection({...context, socket: connected.socket, keys, observation, answersPings})
    opened.push(connection)
    return connection
  }
  try {
    const client = await confirmed(await dial(undefined, !waitsForPing(each)), milliseconds)
    const earlier = await prepared(each, client, {dial, milliseconds})
    const outcome = await outcomeOf(await each.run(client, earlier, {dial, milliseconds}), milliseconds)
    return {...resultOf(each, observation), outcome, problem: ''}
  } catch (error) {
    if (!(error instanceof NotTried)) throw error
    return {...resultOf(each, observation), outcome: null, problem: error.message}
  } finally {
    for (const connection of opened) connection.close()
  }
}

function resultOf(
  {name, before, needs, isAboutPeer}: SuiteCase,
  observation: Observation,
): Omit<CaseResult, 'outcome' | 'problem'> {
  const effect = isAboutPeer ? 'closes_peer' : 'closes'
  const cToxcore = observation.ownRules('c_toxcore_relay', effect)
  const toxRs = observation.ownRules('tox_rs_relay', effect)
  const fate = (rules: readonly unknown[]) => (rules.length > 0 ? 'dropped' : 'kept')
  return {
    name,
    before,
    needs,
    expected: {'c-toxcore': fate(cToxcore), 'tox-rs': fate(toxRs)},
    rules: {'c-toxcore': cToxcore, 'tox-rs': toxRs},
  }
}

/** Wait for the handshake and the first pong. */
async function confirmed(connection: RelayConnection, milliseconds: number): Promise<RelayConnection> {
  const outcome = await connection.handshake(milliseconds)
  if (outcome !== 'open') throw new NotTried(`the handshake was not answered (${outcome})`)
  if (!(await isAlive(connection, milliseconds))) throw new NotTried('the first ping was not answered')
  return connection
}

/** Bring about what comes before the packets. */
async function prepared(
  {before}: SuiteCase,
  client: RelayConnection,
  {dial, milliseconds}: CaseScene,
): Promise<Earlier> {
  const expect = async (connection: RelayConnection, id: typeof routeResponse.id): Promise<void> => {
    const packet = await connection.receive(([first]) => first === id, milliseconds)
    if (!packet) throw new NotTried('the route was not answered')
  }
  if (before === 'asked') client.send(route(randomBytes(limits.publicKey)))
  if (before === 'registered') {
    client.send(route(randomBytes(limits.publicKey)))
    await expect(client, routeResponse.id)
  }
  if (waitsForPing({before})) return {relayPing: await pinged(client, before)}
  if (before !== 'online') return {}
  const friend = await confirmed(await dial(), milliseconds)
  friend.send(route(client.keys.publicKey))
  await expect(friend, routeResponse.id)
  client.send(route(friend.keys.publicKey))
  await expect(client, routeResponse.id)
  await expect(client, connectNotification.id)
  return {friend}
}

/** Wait for the ping of the relay, and answer it where the case comes after that. */
async function pinged(client: RelayConnection, before: SuiteCase['before']): Promise<Uint8Array> {
  const asked = await client.receive(([first]) => first === pingRequest.id, relayPingMilliseconds)
  if (!asked) throw new NotTried(`the relay sent no ping in ${relayPingMilliseconds / 1000} s`)
  if (before === 'relayPingAnswered') client.send(pongTo(asked))
  return asked
}

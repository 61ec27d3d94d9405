import type {RuleCode} from '../../expert/rules.js'
import type {CaseResult, Outcome} from '../suite/suite-case.js'
import type {ClientConnection} from './client-connection.js'
import {handshakeCases} from './handshake-cases.js'
import {packetCases} from './packet-cases.js'
import {pingCases} from './ping-cases.js'

/** The name of a case for clients, which is unique together with what comes before it. */
export interface NamedCase {
  readonly name: string
  readonly before: CaseResult['before']
}

/** What a case needs to know about the suite. */
export interface ClientScene {
  /** Time limit of a step. */
  readonly milliseconds: number
  /** The key for which the client has asked for a route; undefined: it has not. */
  readonly asked: Uint8Array | undefined
}

/** What a relay does to a client, on a connection of its own. */
export interface ClientCase extends NamedCase {
  /**
   * The rule about something that the relay does not send. A session finds it only where the client then closes, so it
   * cannot say what to expect.
   */
  readonly withheld?: RuleCode
  /** Do it. @returns what the client did. */
  run(client: ClientConnection, scene: ClientScene): Promise<Outcome>
}

/**
 * All cases for clients, in the order in which they are tried. After most handshakes that fail, c-toxcore forgets the
 * relay, so these come last; before them those for which the client must have asked for a route, as many never ask.
 */
export function clientCases(): readonly ClientCase[] {
  const packets = packetCases()
  const isAsked = ({before}: ClientCase) => before === 'asked'
  return [...packets.filter(each => !isAsked(each)), ...pingCases, ...packets.filter(isAsked), ...handshakeCases]
}

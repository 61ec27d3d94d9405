import type {RuleCode} from '../../expert/rules.js'
import type {CaseResult, Outcome} from '../suite/suite-case.js'
import type {ClientConnection} from './client-connection.js'

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

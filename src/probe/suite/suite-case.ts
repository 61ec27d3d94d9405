import type {KeyPair} from '../../crypto/box.js'
import type {RuleCode} from '../../expert/rules.js'
import type {RelayModel} from '../../peer/relay/models.js'
import type {Before} from '../cases/case.js'
import type {RelayConnection} from '../relay-connection.js'

/** What became of a connection: it answered one more ping, the relay closed it, or neither in time. */
export type Outcome = 'kept' | 'dropped' | 'stalled'

/** What a relay must have for a case to have its usual outcome. */
export type Service = 'onion' | 'forwarding'

/** Opens further connections of a case. */
export interface CaseScene {
  /** A connection, with a handshake that was not written yet. */
  dial(keys?: KeyPair, answersPings?: boolean): Promise<RelayConnection>
  /** Time limit of a step. */
  readonly milliseconds: number
}

/** What came before the packets of a case. */
export interface Earlier {
  /** Another client, to which this one has a route. */
  readonly friend?: RelayConnection
  /** The ping that the relay has sent, a whole packet. */
  readonly relayPing?: Uint8Array
}

/** One violation or legal packet, on a connection of its own. */
export interface SuiteCase {
  readonly name: string
  readonly before: Before | 'handshake'
  readonly needs: Service | undefined
  /** True if the case is about another connection with the same key, which may make the relay close the first one. */
  readonly isAboutPeer?: boolean
  /** Do it on a connection whose first ping was answered. @returns the connection whose fate is the outcome. */
  run(client: RelayConnection, earlier: Earlier, scene: CaseScene): Promise<RelayConnection>
}

/** Whether a case waits for the relay's own ping, which comes after half a minute. */
export const waitsForPing = ({before}: Pick<SuiteCase, 'before'>): boolean =>
  before === 'relayPinged' || before === 'relayPingAnswered'

/** Result of a case. */
export interface CaseResult {
  readonly name: string
  /** `clientPinged`: the client has sent a ping. */
  readonly before: SuiteCase['before'] | 'clientPinged'
  readonly needs: Service | undefined
  /** null: the connection did not come so far; `problem` says why. */
  readonly outcome: Outcome | null
  readonly problem: string
  /** What each implementation does according to the rule table, with onion and forwarding. */
  readonly expected: Readonly<Record<RelayModel, Exclude<Outcome, 'stalled'>>>
  /** Rules for which it drops the connection. */
  readonly rules: Readonly<Record<RelayModel, readonly RuleCode[]>>
}

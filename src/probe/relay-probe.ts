import type {BrokenRule} from './observation.js'
import type {StageName, StageResult} from './stages.js'
import type {RelayTarget} from './target.js'

/** What is wrong with a relay whose handshake fails. */
export type HandshakeFault = 'wrong_key' | 'not_tox' | 'closed' | 'silent' | 'box'

/** What is wrong with a relay: where its first failed stage is known to have a reason, that; else `stage`. */
export type Fault = HandshakeFault | 'unknown_name' | 'unreachable' | 'stage' | 'rule'

/** Round trips of pings, in milliseconds. */
export interface PingTimes {
  readonly count: number
  readonly min: number
  readonly mean: number
  readonly max: number
}

/** All that a probe of one relay found. */
export interface RelayProbe {
  readonly relay: RelayTarget
  /** IP address that was connected to; null without a connection, or if a proxy made it. */
  readonly ip: string | null
  readonly isHealthy: boolean
  /** null: healthy. */
  readonly fault: Fault | null
  readonly failedStage: StageName | null
  readonly stages: readonly StageResult[]
  /** null: no ping was answered. */
  readonly pings: PingTimes | null
  /** Rules that the relay broke towards the probe. */
  readonly broken: readonly BrokenRule[]
  /** Time of the whole probe. */
  readonly milliseconds: number
}

import type {Inferred, SessionAtEnd, SessionFacts} from '../../session/inferred.js'
import type {CryptoSessionLog} from '../../session/inner/tracking/session-log.js'

/** What was worked out of a record; net_crypto sessions are named by their numbers. */
export type KeptInference = Omit<Inferred, 'peer' | 'session' | 'sessions'> & {
  readonly session?: Omit<SessionFacts, 'log'> & {readonly number: number}
  readonly sessions?: readonly (Omit<SessionAtEnd, 'log'> & {readonly number: number})[]
}

/** The net_crypto sessions that records name. They stay in memory, as later packets change them. */
export class KeptSessions {
  readonly #logs = new Map<number, CryptoSessionLog>()
  /** Place of the last record that names each. */
  readonly #lastRecords = new Map<number, number>()

  /** Keep only those that records from this place on name. */
  forget(before: number): void {
    for (const [number, last] of this.#lastRecords) {
      if (last >= before) continue
      this.#logs.delete(number)
      this.#lastRecords.delete(number)
    }
  }

  /** @param at place of the record. */
  keepInferred(inferred: Inferred | null, at: number): {readonly inferred?: KeptInference} {
    if (!inferred) return {}
    const {peer, session, sessions, ...others} = inferred
    for (const {log} of [...(session ? [session] : []), ...(sessions ?? [])]) {
      this.#logs.set(log.number, log)
      this.#lastRecords.set(log.number, at)
    }
    const kept: KeptInference = {
      ...others,
      ...(session && {session: numbered(session)}),
      ...(sessions && {sessions: sessions.map(numbered)}),
    }
    return Object.keys(kept).length > 0 ? {inferred: kept} : {}
  }

  inferredAgain(kept: KeptInference | undefined, peer: string | undefined): Inferred | null {
    if (!kept) return peer === undefined ? null : {peer}
    const {session, sessions, ...others} = kept
    const log = (number: number) => this.#logs.get(number)!
    return {
      ...others,
      ...(peer !== undefined && {peer}),
      ...(session && {session: {...session, log: log(session.number)}}),
      ...(sessions && {sessions: sessions.map(each => ({...each, log: log(each.number)}))}),
    }
  }
}

/** Facts about a session, with its number in place of its log. */
function numbered<T extends {readonly log: CryptoSessionLog}>({log, ...facts}: T) {
  return {...facts, number: log.number}
}

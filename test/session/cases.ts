import {followYaml} from './follow-yaml.js'
import {jsonLines} from './recorded.js'

/** How one connection of a case went, in order of arrival. t: milliseconds. */
export interface Step {
  readonly t: number
  readonly dir: 'c2s' | 's2c' | 'close'
  readonly hex?: string
  /** How the side under test closed. */
  readonly why?: string
}

interface RecordedKeys {
  readonly relay_sk: string
  readonly client_sk: string | null
  readonly client_session_sk: string | null
  readonly relay_session_sk?: string | null
  readonly shared_key: string | null
  readonly client_base_nonce: string | null
  readonly relay_base_nonce: string | null
}

export interface CaseSession extends RecordedKeys {
  readonly name: string
  readonly c2s_hex: string
  readonly s2c_hex: string
  readonly timeline: readonly Step[]
}

type Outcome = 'kept' | 'dropped' | 'stalled'

export interface BehaviourCase {
  readonly name: string
  /** Who was put to the test. */
  readonly receiver: 'relay' | 'client'
  readonly primary: CaseSession
  readonly sessions: readonly CaseSession[]
  /** null: not tried. */
  readonly outcomes: {readonly c_toxcore: Outcome | null; readonly tox_rs: Outcome | null}
  /** Plaintext of what was sent only to see whether the connection lives. */
  readonly probes: readonly string[]
}

interface RawCase {
  readonly name: string
  readonly primary?: string
  readonly sessions: readonly CaseSession[]
  readonly outcomes: {
    readonly c_toxcore_0_2_18: Outcome | null
    readonly c_toxcore_0_2_23: Outcome | null
    readonly tox_rs: Outcome | null
  }
  readonly sent: readonly {readonly plaintext?: string; readonly tag?: string}[]
}

/** The recorded cases of what a relay, or a client, does with what it is sent. */
export const casesOf = (receiver: 'relay' | 'client'): BehaviourCase[] =>
  jsonLines<RawCase>(`relay-cases/${receiver}-cases.jsonl.gz`).map(({name, primary, sessions, outcomes, sent}) => ({
    name,
    receiver,
    primary: sessions.find(session => session.name === primary) ?? sessions[0]!,
    sessions,
    outcomes: {c_toxcore: outcomes.c_toxcore_0_2_18, tox_rs: outcomes.tox_rs},
    probes: sent.flatMap(({plaintext, tag}) => (tag === 'probe' && plaintext ? [plaintext] : [])),
  }))

/** A case's connection as tshark would save it. */
export const dumpOf = ({timeline}: CaseSession): string =>
  followYaml(
    timeline.flatMap(({t, dir, hex}) =>
      hex === undefined ? [] : [{peer: dir === 'c2s' ? 0 : 1, micros: 1_700_000_000_000_000 + t * 1000, hex}],
    ),
  )

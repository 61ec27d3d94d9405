import type {TypeName} from '../protocol/table.js'

/** The implementations whose reaction is known. Relays receive from clients, clients from relays. */
export const receivers = ['c_toxcore_relay', 'c_toxcore_client', 'tox_rs_relay', 'tox_rs_client'] as const
export type Receiver = (typeof receivers)[number]

/** What a receiver does with a packet that breaks a rule. */
export const effects = {
  closes: 'closes this connection',
  closes_peer: "closes another client's connection",
  discards: 'reads it and does nothing',
  accepts: 'continues normally',
} as const
export type Effect = keyof typeof effects
export type Effects = Readonly<Partial<Record<Receiver, Effect>>>
export type Severity = 'error' | 'warn' | 'note' | 'chat'
export const severities: readonly Severity[] = ['chat', 'note', 'warn', 'error']

/** Negative, 0 or positive: the first is less severe than the second, as severe, or more severe. */
export const compareSeverity = (a: Severity, b: Severity): number => severities.indexOf(a) - severities.indexOf(b)

export const leastSevere = (a: Severity, b: Severity): Severity => (compareSeverity(a, b) < 0 ? a : b)

/** Whether a severity is `least` or worse; false where nothing was found. */
export const isAtLeast = (severity: Severity | undefined, least: Severity): boolean =>
  severity !== undefined && compareSeverity(severity, least) >= 0

/** The meaning of each severity. A rule has the worst one whose meaning applies to it. */
export const severityMeaning: Readonly<Record<Severity, string>> = {
  error: 'a c-toxcore end closes this connection',
  warn: "only tox-rs closes this connection, or a receiver discards the packet or closes another client's",
  note: 'no receiver reacts, but it is unusual; or c-toxcore sends it in normal use and only tox-rs reacts',
  chat: 'no receiver reacts; informational',
}

export type Group =
  | 'handshake'
  | 'framing'
  | 'packet'
  | 'route'
  | 'connection id'
  | 'data'
  | 'ping'
  | 'oob'
  | 'onion'
  | 'forwarding'
  | 'inner packet'
  | 'capture'
  | 'live'

/** The values in a rule's sentence. Never key material. */
export type RuleData = Readonly<Record<string, number | string>>

export interface RuleSpec<D extends RuleData> {
  readonly group: Group
  /**
   * Packet types on which the rule is raised because of earlier packets or the connection. Types that break it by
   * their own bytes are not listed: `explain` finds them by trying.
   */
  readonly on?: readonly TypeName[]
  /** One sentence: what is wrong, in general. */
  readonly about: string
  /**
   * One sentence: what to do about it. For whoever writes the client or relay that breaks the rule; in rules about
   * captures and keys, for whoever captured.
   */
  readonly advice: string
  /** What each receiver does; one that is not named accepts. */
  readonly effect: Effects
  /** Severity of a rule whose effect makes it neither an error nor a warning. Default: note. */
  readonly otherwise?: 'note' | 'chat'
  /** True if the rule depends on the order between both sides. It is not raised where that order is inferred. */
  readonly needsOrder?: boolean
  /** Where its effects were read: files and names of c-toxcore, names of tox-rs; `-` for toxtcp itself. */
  readonly source: string
  /** True where c-toxcore sends such packets in normal use and only tox-rs reacts: then it is a note. */
  readonly isUsual?: true
  /** The sentence about one case: a clause in lower case. */
  say(data: D): string
}

export interface Rule<D extends RuleData = RuleData> extends RuleSpec<D> {
  readonly severity: Severity
}

/** The severity that `severityMeaning` describes. */
function severityOf(spec: Pick<RuleSpec<RuleData>, 'effect' | 'otherwise' | 'isUsual'>): Severity {
  const {effect, otherwise = 'note', isUsual = false} = spec
  if (effect.c_toxcore_relay === 'closes' || effect.c_toxcore_client === 'closes') return 'error'
  return !isUsual && Object.values(effect).some(e => e !== 'accepts') ? 'warn' : otherwise
}

/** Severity of a rule for receivers of which each is known to be the one that reads the packet. */
export function severityAmong({effect, otherwise = 'note'}: Rule, reached: readonly Receiver[]): Severity {
  const reactions = reached.map(receiver => effect[receiver] ?? 'accepts')
  if (reactions.includes('closes')) return 'error'
  return reactions.some(reaction => reaction !== 'accepts') ? 'warn' : otherwise
}

/** Declares a rule. */
export const rule = <D extends RuleData = Record<never, never>>(spec: RuleSpec<D>): Rule<D> => ({
  ...spec,
  say: data => spec.say(data),
  severity: severityOf(spec),
})

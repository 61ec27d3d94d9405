import type {TypeName} from '../protocol/table.js'
import type {Sender} from '../wire/side.js'

/** The implementations whose reaction is known. Relays receive from clients, clients from relays. */
export const receivers = ['c_toxcore_relay', 'c_toxcore_client', 'tox_rs_relay', 'tox_rs_client'] as const
export type Receiver = (typeof receivers)[number]

/** What a receiver does with the packet at fault. */
export const effects = {
  closes: 'closes this connection',
  closes_peer: "closes another client's connection",
  discards: 'reads it and does not act',
  accepts: 'goes on as if nothing were',
} as const
export type Effect = keyof typeof effects
export type Effects = Readonly<Partial<Record<Receiver, Effect>>>
export type Severity = 'error' | 'warn' | 'note' | 'chat'
export const severities: readonly Severity[] = ['chat', 'note', 'warn', 'error']

/** Below 0, 0 or above 0, as the first is less severe than the second, as severe, or more severe. */
export const compareSeverity = (a: Severity, b: Severity): number => severities.indexOf(a) - severities.indexOf(b)

/** Whether a severity is the least one or worse; nothing was found: no. */
export const isAtLeast = (severity: Severity | undefined, least: Severity): boolean =>
  severity !== undefined && compareSeverity(severity, least) >= 0

/** What makes a rule's severity: the first that is true, from the worst on. */
export const severityMeaning: Readonly<Record<Severity, string>> = {
  error: 'a c-toxcore end closes this connection',
  warn: "only tox-rs closes this connection, or a receiver discards the packet or closes another client's",
  note: 'every receiver goes on, and it is worth a look',
  chat: 'every receiver goes on, and it is only told',
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
  | 'capture'
  | 'live'

/** What a rule's sentence is made from. Never key material. */
export type RuleData = Readonly<Record<string, number | string>>

export interface RuleSpec<D extends RuleData> {
  readonly group: Group
  /**
   * Packet types on which it is raised for what came before them or around them. Those that break it by their own bytes
   * are found by trying.
   */
  readonly on?: readonly TypeName[]
  /** One sentence: what is wrong, in general. */
  readonly about: string
  /** A receiver that is not named accepts. */
  readonly effect: Effects
  /** Only where the effect alone makes no error and no warning. Default: note. */
  readonly otherwise?: 'note' | 'chat'
  /** True where it rests on the order between both sides: not raised where that order is a guess. */
  readonly needsOrder?: boolean
  readonly source: string
  /** One clause about this case. */
  say(data: D): string
}

export interface Rule<D extends RuleData = RuleData> extends RuleSpec<D> {
  readonly severity: Severity
}

/** Error if a c-toxcore end closes; warn if only tox-rs closes, or somebody discards, or another client is closed. */
function severityOf({effect, otherwise = 'note'}: Pick<RuleSpec<RuleData>, 'effect' | 'otherwise'>): Severity {
  if (effect.c_toxcore_relay === 'closes' || effect.c_toxcore_client === 'closes') return 'error'
  return Object.values(effect).some(e => e !== 'accepts') ? 'warn' : otherwise
}

/** Declares a rule. */
export const rule = <D extends RuleData = Record<never, never>>(spec: RuleSpec<D>): Rule<D> => ({
  ...spec,
  say: data => spec.say(data),
  severity: severityOf(spec),
})

/** The two receivers of a packet from that side; all four where the side is unknown. */
export const receiversOf = (from: Sender | null): readonly Receiver[] =>
  from === null
    ? receivers
    : from === 'client'
      ? ['c_toxcore_relay', 'tox_rs_relay']
      : ['c_toxcore_client', 'tox_rs_client']

import {effectsOf} from '../expert/finding.js'
import {receiversOf} from '../expert/peers.js'
import {receiverTitles} from '../expert/receivers.js'
import type {Effect, Receiver} from '../expert/rule.js'
import type {SessionRecord} from '../session/record.js'
import {effectLabels} from './findings.js'

/** Effects by how much a user wants to know of them. */
const effectsByWeight: readonly Effect[] = ['closes', 'closes_peer', 'discards', 'accepts']
const heavier = (a: Effect, b: Effect): Effect => (effectsByWeight.indexOf(a) <= effectsByWeight.indexOf(b) ? a : b)

/** What receivers do about all records together. */
export class Verdict {
  readonly #effects = new Map<Receiver, Effect>()

  add({window, from, findings, peers}: Pick<SessionRecord, 'window' | 'from' | 'findings' | 'peers'>): void {
    // A sealed frame may be anything.
    if (window === null && findings.length === 0) return
    for (const receiver of receiversOf(from, peers)) {
      const effects = findings.map(found => effectsOf(found)[receiver] ?? 'accepts')
      this.#effects.set(receiver, effects.reduce(heavier, this.#effects.get(receiver) ?? 'accepts'))
    }
  }

  /** What each receiver does; empty if nothing is known. */
  get effects(): Readonly<Partial<Record<Receiver, Effect>>> {
    return Object.fromEntries(this.#effects)
  }

  /** `legal for all four receivers`, or what those that do not accept do; empty if nothing is known. */
  get text(): string {
    const effects = [...this.#effects]
    if (effects.length === 0) return ''
    const refusals = effects.filter(([, effect]) => effect !== 'accepts')
    if (refusals.length > 0)
      return refusals.map(([receiver, effect]) => `${receiverTitles[receiver]} ${effectLabels[effect]}`).join('; ')
    return effects.length === 4
      ? 'legal for all four receivers'
      : `legal for ${effects.map(([receiver]) => receiverTitles[receiver]).join(' and ')}`
  }
}

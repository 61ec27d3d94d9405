import {type RelayModel, relayModels} from '../../peer/relay/models.js'
import type {Disagreement} from '../suite/behaviour.js'
import type {CaseResult} from '../suite/suite-case.js'

/** How a client behaves. */
export interface ClientBehaviour {
  /** The implementation with the fewest disagreements; null: no case was tried. */
  readonly like: RelayModel | null
  /** Number of cases that were tried. */
  readonly tried: number
  readonly disagreements: readonly Disagreement[]
  /** Disagreements with each implementation. */
  readonly counts: Readonly<Record<RelayModel, number>>
}

/** Compare the results of the cases that were tried with what the clients of the implementations do. */
export function clientBehaviourOf(results: readonly CaseResult[]): ClientBehaviour {
  const tried = results.filter(({outcome}) => outcome !== null)
  const disagreementsWith = (model: RelayModel): Disagreement[] =>
    tried
      .filter(({outcome, expected}) => outcome !== expected[model])
      .map(({name, before, outcome, problem, expected, rules}) => ({
        name,
        before,
        outcome,
        problem,
        expected: expected[model],
        rules: rules[model],
      }))
  const all = {'c-toxcore': disagreementsWith('c-toxcore'), 'tox-rs': disagreementsWith('tox-rs')}
  const [first, ...others] = relayModels
  const like = others.reduce<RelayModel>((best, each) => (all[each].length < all[best].length ? each : best), first)
  return {
    like: tried.length > 0 ? like : null,
    tried: tried.length,
    disagreements: all[like],
    counts: {'c-toxcore': all['c-toxcore'].length, 'tox-rs': all['tox-rs'].length},
  }
}

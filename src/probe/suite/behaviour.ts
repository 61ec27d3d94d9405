import type {RelayModel} from '../../peer/relay/models.js'
import type {CaseResult, Outcome, Service} from './suite-case.js'
import type {PassesNewResponses} from './version.js'

/** A case in which a relay differs from the implementation that it is most like. */
export interface Disagreement extends Pick<CaseResult, 'name' | 'before' | 'outcome' | 'problem'> {
  readonly expected: Outcome
  /** Rules for which that implementation drops the connection. */
  readonly rules: readonly string[]
}

/** How a relay behaves. */
export interface Behaviour {
  /** The implementation with the fewest disagreements. */
  readonly like: RelayModel
  /** Its versions, as far as they differ: `0.2.14 to 0.2.18`; empty: not known. */
  readonly versions: string
  /** null: tox-rs, which has no forwarding, or nothing shows it. */
  readonly services: Readonly<Record<Service, boolean | null>>
  readonly cases: number
  readonly disagreements: readonly Disagreement[]
  /** Disagreements with each implementation. */
  readonly counts: Readonly<Record<RelayModel, number>>
}

/**
 * Whether a service is on, by the outcome of most cases that show it. Without forwarding, a legal request closes the
 * connection. A short onion request closes it only where the onion is on.
 */
function isOn(results: readonly CaseResult[], service: Service): boolean | null {
  const usual: Outcome = service === 'forwarding' ? 'kept' : 'dropped'
  const telling = results.filter(
    ({needs, expected, outcome}) => needs === service && expected['c-toxcore'] === usual && outcome !== null,
  )
  if (telling.length === 0) return null
  return telling.filter(({outcome}) => outcome === usual).length * 2 > telling.length
}

/** What a relay of that kind does, with the services that it has. */
function expectedOf({needs, expected}: CaseResult, model: RelayModel, services: Behaviour['services']): Outcome {
  // tox-rs decodes these packets whatever services it has.
  if (model === 'tox-rs' || needs === undefined || services[needs] !== false) return expected[model]
  return needs === 'forwarding' ? 'dropped' : 'kept'
}

/** Compare results with what the implementations do. */
export function behaviourOf(results: readonly CaseResult[], passesNew: PassesNewResponses): Behaviour {
  const services = {onion: isOn(results, 'onion'), forwarding: isOn(results, 'forwarding')}
  const compared = (model: RelayModel): Compared => ({
    model,
    disagreements: results.flatMap((result): Disagreement[] => {
      const {name, before, outcome, problem, rules} = result
      const expected = expectedOf(result, model, services)
      return outcome === expected ? [] : [{name, before, outcome, problem, expected, rules: rules[model]}]
    }),
  })
  const first = compared('c-toxcore')
  const second = compared('tox-rs')
  const best = second.disagreements.length < first.disagreements.length ? second : first
  const isToxRs = best.model === 'tox-rs'
  return {
    like: best.model,
    versions: isToxRs ? '' : versionsOf(services.forwarding === true, passesNew),
    services: isToxRs ? {onion: null, forwarding: null} : services,
    cases: results.length,
    disagreements: best.disagreements,
    counts: {'c-toxcore': first.disagreements.length, 'tox-rs': second.disagreements.length},
  }
}

interface Compared {
  readonly model: RelayModel
  readonly disagreements: readonly Disagreement[]
}

/** Versions of c-toxcore: it has forwarding since 0.2.14, and passes on the group onion's responses since 0.2.19. */
function versionsOf(hasForwarding: boolean, passesNew: PassesNewResponses): string {
  if (passesNew === true) return '0.2.19 or later'
  if (passesNew === false) return hasForwarding ? '0.2.14 to 0.2.18' : '0.2.18 or earlier'
  return hasForwarding ? '0.2.14 or later' : ''
}

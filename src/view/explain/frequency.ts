import {type Count, occurrences} from '../../expert/occurrences.js'
import type {Rule} from '../../expert/rule.js'
import type {Facts} from './topics/topic.js'

const never: Count = {captures: 0, runs: 0}

/** How often recordings broke a rule; undefined for rules that only a running proxy can raise. */
const countOf = (code: string, {group}: Rule): Count | undefined =>
  group === 'live' ? undefined : (occurrences.brokenIn.get(code) ?? never)

/** How common a rule is, as facts: null for rules that only a running proxy can raise. */
export function frequencyFacts(code: string, rule: Rule): Facts | null {
  const count = countOf(code, rule)
  if (!count) return null
  return {
    captures_of_real_clients: {broken_in: count.captures, of: occurrences.captures},
    runs_of_tests: {broken_in: count.runs, of: occurrences.runs},
  }
}

/** How common a rule is, as sentences. */
export function frequencyText(code: string, rule: Rule): string {
  const count = countOf(code, rule)
  if (!count) return 'Not counted: only a running proxy raises it, so recordings do not show it.'
  const {captures, runs} = count
  const ofCaptures = `${occurrences.captures} captures of real clients`
  const ofRuns =
    `${occurrences.runs} recorded runs in which a client or relay was sent packets made for the test, most of them ` +
    'faulty.'
  return captures === 0 && runs === 0
    ? `Not seen in the recordings that this version was tested with: ${ofCaptures}, and ${ofRuns}`
    : `Found in ${captures} of ${ofCaptures}, and in ${runs} of ${ofRuns}`
}

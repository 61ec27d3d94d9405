import {effectsOf, groupOf} from '../../expert/finding.js'
import type {SessionRecord} from '../../session/record.js'

/**
 * ` [discarded: inner-too-long]`: why c-toxcore, which reads all that peers say, does not hand over what a record says.
 * Empty where nothing is known to be wrong.
 */
export function discardedText({findings}: Pick<SessionRecord, 'findings'>): string {
  const codes = findings
    .filter(found => groupOf(found) === 'inner packet' && effectsOf(found).c_toxcore_client === 'discards')
    .map(({code}) => code)
  return codes.length === 0 ? '' : ` [discarded: ${[...new Set(codes)].join(', ')}]`
}

import {limits as captureLimits} from '../../capture/limits.js'
import type {CaptureSummary} from '../../reading/capture-run.js'
import {countText} from '../../wire/text/phrases.js'

/** What was given up because a bound of memory was reached; whole sentences. */
export function boundNotes({counters, hurried}: Pick<CaptureSummary, 'counters' | 'hurried'>): readonly string[] {
  const {evicted} = counters
  return [
    ...(evicted > 0
      ? [`${countText(evicted, 'TCP connection')} ended early: over ${captureLimits.connections} were open at a time`]
      : []),
    ...(hurried > 0
      ? [`whether ${countText(hurried, 'TCP connection')} are Tox was decided early: too many bytes waited`]
      : []),
  ]
}

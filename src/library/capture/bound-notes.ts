import {limits as captureLimits} from '../../capture/limits.js'
import type {CaptureSummary} from '../../reading/capture-run.js'
import {cryptoSessions} from '../../session/inner/limits.js'
import {countText, groupedText} from '../../wire/text/phrases.js'

/** What was given up because a bound of memory was reached; whole sentences. */
export function boundNotes({
  counters: {evicted},
  hurried,
  forgotten: {sessions, fragments, untried},
}: Pick<CaptureSummary, 'counters' | 'hurried' | 'forgotten'>): readonly string[] {
  return [
    ...(evicted > 0
      ? [`${countText(evicted, 'TCP connection')} ended early: over ${captureLimits.connections} were open at a time`]
      : []),
    ...(hurried > 0
      ? [`whether ${countText(hurried, 'TCP connection')} are Tox was decided early: too many bytes waited`]
      : []),
    ...(sessions > 0
      ? [
          `${countText(sessions, 'net_crypto session')} were forgotten before their end: ` +
            `over ${groupedText(cryptoSessions)} were followed at a time`,
        ]
      : []),
    ...(fragments > 0
      ? [`${countText(fragments, 'fragment')} of group packets were forgotten before the last one came`]
      : []),
    ...(untried > 0
      ? [`${countText(untried, 'box', 'boxes')} inside packets stayed sealed: the bound on trials of keys was reached`]
      : []),
  ]
}

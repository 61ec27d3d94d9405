import {type Finding, noFindings} from '../../../expert/finding.js'
import type {Inferred} from '../../inferred.js'

/** What follows from a packet and those before it on its connection. */
export interface TableResult {
  readonly inferred: Inferred | null
  readonly findings: readonly Finding[]
}

export const nothingFollows: TableResult = {inferred: null, findings: noFindings}

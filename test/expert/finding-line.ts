import {type Finding, messageOf} from '../../src/expert/finding.js'

/** A finding in one line: code, range or `-`, sentence. */
export const findingLine = (found: Finding): string =>
  `${found.code} ${found.range?.join('-') ?? '-'} ${messageOf(found)}`

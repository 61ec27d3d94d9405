import {type Level, levelsOf} from '../protocol/levels.js'
import type {SessionRecord} from '../session/record.js'
import {recordLevels} from '../session/record-levels.js'
import type {Window} from '../wire/window.js'

/** The first level below a record's outermost one. */
export const innerLevel = ({window, opened}: SessionRecord): Level | undefined => levelsOf(window, opened)[1]

/**
 * Every decoded level of a record, outermost first; an opened box comes as one more level behind the one that it
 * belongs to.
 */
export function levels(record: SessionRecord): Window[] {
  return recordLevels(record).flatMap(({window, opened}) => (opened ? [window, opened] : [window]))
}

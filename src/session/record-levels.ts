import {type Level, levelsOf, noneOpened} from '../protocol/levels.js'
import {typeOf} from '../protocol/table.js'
import {noShift, Window} from '../wire/window.js'
import type {Assembled} from './inferred.js'
import type {SessionRecord} from './record.js'

/** A packet that came in fragments. @returns undefined where its type is not known, or a fragment again. */
export function assembledWindow({bytes}: Assembled): Window | undefined {
  const type = typeOf('group_lossless', bytes[0]!)
  return type && type.name !== 'group_fragment' ? new Window(type, bytes, 0, bytes.length, noShift) : undefined
}

/** The levels of a packet that a record completes, outermost first. */
function assembledLevels({inferred}: Pick<SessionRecord, 'inferred'>): Level[] {
  const whole = inferred?.assembled && assembledWindow(inferred.assembled)
  return whole ? levelsOf(whole, noneOpened) : []
}

/** Whether the innermost box of a record stayed sealed although its key is certain. */
export const hasFailedBox = ({findings}: Pick<SessionRecord, 'findings'>): boolean =>
  findings.some(({code}) => code === 'inner-failed')

/** Every level of a record, outermost first; after the last fragment of a packet come those of the whole packet. */
export function recordLevels(record: SessionRecord): Level[] {
  const levels = levelsOf(record.window, record.opened)
  return record.inferred?.assembled ? [...levels, ...assembledLevels(record)] : levels
}

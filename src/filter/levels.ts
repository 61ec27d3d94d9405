import {innerWindow} from '../protocol/table.js'
import type {SessionRecord} from '../session/record.js'
import type {Window} from '../wire/window.js'

/** The first level below a record's outermost one. */
export const innerLevel = (record: SessionRecord): Window | undefined =>
  record.window ? innerWindow(record.window) : undefined

/**
 * Every decoded level of a record, outermost first; an opened box comes as one more level behind the one that it
 * belongs to.
 */
export function levels(record: SessionRecord): Window[] {
  const found: Window[] = []
  for (let window = record.window ?? undefined; window; window = innerWindow(window)) found.push(window)
  if (record.opened) found.push(record.opened)
  return found
}

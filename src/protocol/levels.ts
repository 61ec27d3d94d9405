import type {Window} from '../wire/window.js'
import {innerWindow} from './table.js'

/** One level of what a record holds: a packet, and the plaintext of its box where that was opened. */
export interface Level {
  readonly window: Window
  readonly opened: Window | undefined
}

/** No box was opened: one array for all records. */
export const noneOpened: readonly Window[] = []

const endsWithBox = ({type}: Window): boolean => type.placed[type.tail]?.spec.kind === 'box'

/**
 * The level of a packet, and what is left of the plaintexts for the levels below it.
 * @param opened plaintexts of the boxes that were opened, outermost first.
 */
export function levelOf(window: Window, opened: readonly Window[]): Level & {readonly below: readonly Window[]} {
  return opened.length > 0 && endsWithBox(window)
    ? {window, opened: opened[0], below: opened.slice(1)}
    : {window, opened: undefined, below: opened}
}

/** The packet that a level carries: as its payload, or inside its opened box. */
export const packetIn = ({window, opened}: Level): Window | undefined => innerWindow(opened ?? window)

/**
 * Every level from a record's outermost packet inwards.
 * @param opened plaintexts of the boxes that were opened, outermost first.
 */
export function levelsOf(window: Window | null, opened: readonly Window[]): Level[] {
  const found: Level[] = []
  if (opened.length === 0) {
    for (let next = window ?? undefined; next; next = innerWindow(next)) found.push({window: next, opened: undefined})
    return found
  }
  let used = 0
  for (let next = window ?? undefined; next; ) {
    const level: Level = {window: next, opened: endsWithBox(next) ? opened[used] : undefined}
    if (level.opened) used++
    found.push(level)
    next = packetIn(level)
  }
  return found
}

/**
 * Whether what a packet carries was sealed: `open` once its box is opened, `plain` for a packet without a box.
 * @param hasFailed whether a key that is certain did not open the box that stayed sealed.
 */
export function stateOf({window, opened}: Level, hasFailed: boolean): 'open' | 'sealed' | 'failed' | 'plain' {
  if (opened) return 'open'
  if (!endsWithBox(window)) return 'plain'
  return hasFailed ? 'failed' : 'sealed'
}

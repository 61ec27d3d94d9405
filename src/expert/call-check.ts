import {limits} from '../protocol/limits.js'
import {packetFields} from '../protocol/table.js'
import {lengthOf, type Window} from '../wire/window.js'
import {type Finding, finding, noFindings} from './finding.js'

/** Kinds of items of a message about a call, and of requests. c-toxcore msi.c MSIHeaderID, MSIRequest. */
const [requestKind, errorKind, capabilitiesKind] = [1, 2, 3]
const pop = 2
/** tox-rs counts requests from 1: its pop. */
const popOfToxRs = 3

/** Highest values of the items by their kind. */
const mostOf: ReadonlyMap<number, number> = new Map([
  [requestKind, popOfToxRs],
  [errorKind, 7],
  [capabilitiesKind, 255],
])
/** Bytes of an item: kind, size, value. */
const itemBytes = 3

interface Item {
  readonly kind: number
  readonly size: number
  readonly value: number
}

/**
 * What is wrong with the items of a message about a call, besides their kind and size, which its layout shows.
 * c-toxcore reads none of the items after a wrong one, discards the message and answers with an error; where it lacks
 * only the capabilities, it ends the call, too.
 * @param offset of the window's first byte from the byte that ranges are counted from.
 */
export function callFindings(window: Window, offset: number): readonly Finding[] {
  const {title} = window.type
  const items = itemsOf(window)
  if (items.length === 0) return noFindings
  const found = items.flatMap((item, index) => valueFinding(item, title, offset + 3 + itemBytes * index))
  const range = [offset, offset + lengthOf(window)] as const
  const item = found.length === 0 && items.every(isItem) ? missingItem(items) : undefined
  if (item !== undefined) found.push(finding('call-item-missing', {title, item}, {range}))
  const length = lengthOf(window) - 1
  if (length > limits.msiMessage)
    found.push(finding('call-too-long', {title, length, most: limits.msiMessage}, {range}))
  return found
}

/** Whether c-toxcore reads a message about a call to its end. */
export const isReadCall = (window: Window): boolean =>
  itemsOf(window).every(isItem) && callFindings(window, 0).every(({code}) => code === 'call-too-long')

const itemsOf = (window: Window): readonly Item[] => packetFields(window, 'msi')?.items ?? []
const isItem = ({kind, size}: Item): boolean => mostOf.has(kind) && size === 1

/** @param at offset of the value. */
function valueFinding(item: Item, title: string, at: number): Finding[] {
  const {kind, value} = item
  if (!isItem(item)) return []
  const place = {range: [at, at + 1]} as const
  if (value > mostOf.get(kind)!) return [finding('inner-value', {title, field: 'items.value', value}, place)]
  if (kind !== requestKind || value !== popOfToxRs) return []
  return [finding('inner-value-c-toxcore', {title, field: 'items.value', value}, place)]
}

/** What a message must have and lacks: of a kind that comes twice, the last counts. */
function missingItem(items: readonly Item[]): string | undefined {
  const request = items.findLast(({kind}) => kind === requestKind)
  if (!request) return 'request'
  const needsCapabilities = request.value !== pop && !items.some(({kind}) => kind === capabilitiesKind)
  return needsCapabilities ? 'capabilities' : undefined
}

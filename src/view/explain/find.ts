import {ruleTable} from '../../expert/rules.js'
import {findName} from '../../filter/names/names.js'
import {recordNames} from '../../filter/names/record-names.js'
import {types} from '../../protocol/table.js'
import {addToList} from '../../wire/memory/lists.js'
import {hasId, type PacketType} from '../../wire/packet.js'
import {nearest} from '../../wire/text/nearest.js'
import {references} from './references.js'
import {fieldTopic, filterNameTopic} from './topics/field-topic.js'
import {limitTable, limitTopic} from './topics/limit-topic.js'
import {groupTopic, ruleTopic} from './topics/rule-topic.js'
import type {Topic} from './topics/topic.js'
import {typeTopic} from './topics/type-topic.js'

/** A topic and all its names. */
interface Entry {
  readonly names: readonly string[]
  topic(): Topic
}

const groups = [...new Set([...ruleTable.values()].map(rule => rule.group))]

/** Names in the sources of an implementation: `2 + MAX_PACKET_SIZE` is found as MAX_PACKET_SIZE. */
const identifiers = (text: string | undefined): string[] =>
  text === undefined ? [] : [text, ...(text.match(/[A-Za-z_][A-Za-z0-9_:]{3,}/g) ?? [])]

function fieldEntries(type: PacketType): Entry[] {
  const layouts = type.plain ? [type, type.plain] : [type]
  return layouts.flatMap(layout =>
    layout.placed.map(({name}, index) => ({
      names: [`${type.name}.${name}`, name],
      topic: () => fieldTopic(type, layout, index),
    })),
  )
}

/** Everything that can be explained, the likeliest meaning of a name first. */
const entries: readonly Entry[] = [
  ...types.map(type => ({
    names: [type.name, type.title, ...identifiers(type.cToxcore)],
    topic: () => typeTopic(type),
  })),
  ...references.map(([topic, ...names]) => ({names: [topic.name, ...names], topic: () => topic})),
  ...[...ruleTable].map(([code, rule]) => ({names: [code], topic: () => ruleTopic(code, rule)})),
  ...[...limitTable].map(([name, limit]) => ({
    names: [name, ...identifiers(limit.cToxcore), ...identifiers(limit.toxRs), `${limit.value}`],
    topic: () => limitTopic(name, limit),
  })),
  ...types.flatMap(fieldEntries),
  ...recordNames().map(name => ({names: [name.name], topic: () => filterNameTopic(name)})),
]

const groupEntries: readonly Entry[] = groups.map(group => ({names: [group], topic: () => groupTopic(group)}))

/** A name without what makes no difference: case, `-`, `_` and blanks. */
const plain = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, '')

let byName: ReadonlyMap<string, readonly Entry[]> | undefined

/** Entries by each of their names, as `plain` gives them; made when the first name is looked up. */
function entriesByName(): ReadonlyMap<string, readonly Entry[]> {
  if (byName) return byName
  const table = new Map<string, Entry[]>()
  for (const entry of entries) for (const name of new Set(entry.names.map(plain))) addToList(table, name, entry)
  byName = table
  return byName
}

/**
 * Everything of that name: by hex (`0x06`) the types with that id, by a decimal number (`6`) also the limits of that
 * value.
 */
export function topicsNamed(name: string): Topic[] {
  if (/^0x[0-9a-f]{1,2}$/i.test(name)) return typesWithId(Number(name))
  const exact = entries.filter(({names}) => names[0] === name)
  const wanted = plain(name)
  const found = entriesByName().get(wanted) ?? []
  const all = exact.length > 0 && name.includes('.') ? exact : found
  const topics = [...(/^\d{1,3}$/.test(name) ? typesWithId(Number(name)) : []), ...all.map(entry => entry.topic())]
  if (topics.length > 0) return topics
  const group = groupEntries.find(({names}) => plain(names[0]!) === wanted)
  if (group) return [group.topic()]
  const filterName = findName(name)
  return filterName ? [filterNameTopic(filterName)] : []
}

const typesWithId = (id: number): Topic[] => types.filter(type => hasId(type, id)).map(typeTopic)

/** Known names that are near to an unknown one. */
export function nearTopics(name: string): string[] {
  const words = [...entries, ...groupEntries].flatMap(({names}) => names).filter(word => /[a-z]/i.test(word))
  return nearest(name.trim().replace(/\s+/g, '_'), words)
}

/** Names for completion: what each topic is called first. */
export const topicNames = (): string[] => [...new Set([...entries, ...groupEntries].map(({names}) => names[0]!))]

import {type Group, severities} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import {types} from '../../protocol/table.js'
import type {Layer} from '../../wire/field.js'
import {idText} from './layout.js'
import {indent, type Page} from './page.js'
import {references} from './references.js'
import {isOwn, limitTable, valueText} from './topics/limit-topic.js'
import type {Facts} from './topics/topic.js'
import {layerTitles, senderText} from './topics/type-topic.js'

const layers = Object.keys(layerTitles) as Layer[]
const groups = [...new Set([...ruleTable.values()].map(rule => rule.group))]
const rulesIn = (group: Group) => [...ruleTable].filter(([, rule]) => rule.group === group)

/** Everything that has an explanation. */
export const indexFacts = (): Facts => ({
  kind: 'index',
  references: references.map(([{name, brief}]) => ({name, about: brief})),
  types: types.map(({name, layer, id, title, about}) => ({
    name,
    title,
    layer,
    id: typeof id === 'number' || id === null ? id : [...id],
    about,
  })),
  rules: [...ruleTable].map(([code, {group, severity, about}]) => ({code, group, severity, about})),
  limits: [...limitTable].map(([name, {value, unit, about}]) => ({name, value, unit, about, is_own: isOwn(name)})),
})

export function writeIndex(page: Page): void {
  page.text(
    'toxtcp explain NAME explains any of these, a field (oob_send.destination_pk, destination_pk), an id (6, 0x06) ' +
      'or a constant (MAX_PACKET_SIZE).',
  )
  page.head('Guides')
  page.items(references.map(([{name, brief}]) => [name, brief]))
  for (const layer of layers) writeLayer(page, layer)
  for (const group of groups) {
    page.head(`Rules: ${group}`)
    for (const [code, {severity}] of rulesIn(group))
      page.line(`${' '.repeat(indent)}${page.theme[severity](severity.padEnd(severityColumn))}  ${code}`)
  }
  writeLimits(page, 'Limits of the protocol', false)
  writeLimits(page, 'Limits that toxtcp sets itself', true)
}

const severityColumn = Math.max(...severities.map(word => word.length))
const idColumn = 14
const nameColumn = 30

function writeLayer(page: Page, layer: Layer): void {
  const own = types.filter(type => type.layer === layer)
  if (own.length === 0) return
  page.head(`Types: ${layerTitles[layer]}`)
  for (const type of own) {
    const name = `${(idText(type) ?? '').padEnd(idColumn)}${type.name.padEnd(nameColumn)}`
    // A plaintext goes where its box goes.
    const sender = layer === 'plaintext' ? '' : senderText(type)
    page.line(`${' '.repeat(indent)}${name}${page.theme.faint(sender)}`.trimEnd())
  }
}

function writeLimits(page: Page, heading: string, own: boolean): void {
  page.head(heading)
  for (const [name, limit] of limitTable) {
    if (isOwn(name) === own) page.line(`${' '.repeat(indent)}${name.padEnd(nameColumn)}${valueText(limit)}`)
  }
}

import {severities} from '../../expert/rule.js'
import {types} from '../../protocol/table.js'
import {recordKinds, recordStates} from '../../session/record-kinds.js'
import type {Layer} from '../../wire/field.js'
import {namedColumns} from '../forms/columns.js'
import {idText} from './layout.js'
import type {Topic} from './topics/topic.js'

type Item = readonly [term: string, about: string]

/** A topic that is a list of words with their meanings. */
function wordList(name: string, brief: string, intro: string, items: readonly Item[]): Topic {
  return {
    kind: 'reference',
    name,
    brief,
    facts: {kind: 'reference', name, words: items.map(([word, about]) => ({name: word, about}))},
    write(page) {
      page.title(name, brief)
      page.text(intro)
      page.line()
      page.items(items, page.theme.key)
    },
  }
}

export const kindsReference = wordList(
  'kinds',
  'what a record is about',
  'Values of `kind`, in JSON and in filters.',
  Object.entries(recordKinds),
)

export const recordStatesReference = wordList(
  'record states',
  'whether a record is sealed or open',
  'Values of `state`, in JSON and in filters. The states of a connection id are explained by `toxtcp explain states`.',
  Object.entries(recordStates),
)

/** Short forms in lists, trees and statistics. */
const abbreviations: readonly Item[] = [
  ...severities.map(
    (word): Item => [word[0]!.toUpperCase(), `${word}, before the code of a rule (\`explain severities\`)`],
  ),
  ['client > relay', 'from the client to the relay'],
  ['#12', 'record 12'],
  ['+12', 'frame 12 of its sender, from 0: the offset of its nonce'],
  ['1f2a…9d40', 'a key: its first two bytes and its last two; a filter takes it so, too'],
  ['[...]', 'worked out, not read from the packet'],
  ['-', 'not known, or not there'],
]

export const columnsReference: Topic = {
  kind: 'reference',
  name: 'columns',
  brief: 'columns of the list, and abbreviations',
  facts: {
    kind: 'reference',
    name: 'columns',
    columns: namedColumns.map(({name, header, about}) => ({name, header, about})),
    abbreviations: abbreviations.map(([name, about]) => ({name, about})),
  },
  write(page) {
    page.title('columns', 'columns of the list, for --columns')
    page.text('These, and every name of `toxtcp explain filter`. The heading of a column is in parentheses.')
    page.line()
    page.items(
      namedColumns.map(({name, header, about}): Item => [`${name} (${header})`, about]),
      page.theme.key,
    )
    page.head('Abbreviations')
    page.items(abbreviations, page.theme.key)
  },
}

/** Words that lead to the page about columns: names, headings and abbreviations that mean nothing else. */
export const columnWords: readonly string[] = [
  'column',
  'abbreviations',
  ...namedColumns.flatMap(({name, header}) => [name, header]),
  ...severities.map(word => word[0]!),
]

const typesOf = (layer: Layer): Item[] =>
  types
    .filter(type => type.layer === layer)
    .map(type => [type.id === null ? type.name : `${type.name} (${idText(type)})`, type.about])

export const packetsReference = wordList(
  'packets',
  'the packets between a client and a relay',
  'The plaintext of a frame is one packet. Its first byte is its type.',
  typesOf('packet'),
)

export const payloadsReference = wordList(
  'payloads',
  'what data and out-of-band packets carry',
  'The first byte of the payload is its type.',
  typesOf('payload'),
)

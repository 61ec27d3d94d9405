import type {FilterName} from '../../filter/names/name.js'
import {filterName, filterNames} from '../../filter/names/names.js'
import {recordNames} from '../../filter/names/record-names.js'
import {
  joinOperators,
  memberOperator,
  notOperator,
  quantifiers,
  sliceForms,
  testOperators,
} from '../../filter/operators.js'
import type {Kind} from '../../filter/values.js'
import {types} from '../../protocol/table.js'
import {indent, type Page} from './page.js'
import type {Topic} from './topics/topic.js'

/** How values of each kind are written. */
const literals: Readonly<Record<Kind, string>> = {
  bytes: '00:11:22, 00-11-22, 0x001122, 001122, a key as 8f01…bb10, or text in quotes, where \\xff is a byte',
  number: '33445, 0x82a5',
  text: 'oob_send, "with blanks", r"as \\it is"; \\" \\\\ \\n \\r \\t \\xhh \\uhhhh in quotes',
  ip: '127.0.0.1, 10.0.0.0/8, ::1, fe80::/10',
  address: '127.0.0.1:33445, [::1]:33445, or an ip',
  time: '"2026-11-23 01:50:00.123" (UTC), 2026-11-23T01:50:00+02:00, "Nov 23, 2026 01:50:00", 1795398600.5',
  epoch: 'as time',
  seconds: '1.5, a duration in seconds',
  severity: 'chat < note < warn < error',
}

const operators = [...testOperators, memberOperator, notOperator, ...joinOperators]

/** The language of display filters, and every name. */
export const filterReference: Topic = {
  kind: 'reference',
  name: 'filter',
  brief: 'display filters: operators, literals and every name',
  get facts() {
    return {
      kind: 'reference',
      name: 'filter',
      operators: operators.map(({spellings, about, example}) => ({spellings, about, example})),
      quantifiers: Object.entries(quantifiers).map(([name, {about, example}]) => ({name, about, example})),
      slices: Object.entries(sliceForms).map(([form, example]) => ({form, example})),
      literals: {...literals},
      names: filterNames().map(name => nameFacts(filterName(name))),
    }
  },
  write(page) {
    page.title('filter', 'display filters, for -Y')
    page.text(
      "Wireshark's language. A name alone asks whether the record has it. Fields are compared with literals or with " +
        'each other; a field can have several values.',
    )
    page.head('Operators')
    for (const {spellings, about, example} of operators) writeOperator(page, spellings.join('  '), about, example)
    page.head('Before a comparison')
    for (const [name, {about, example}] of Object.entries(quantifiers)) writeOperator(page, name, about, example)
    page.line()
    page.text(
      'Strongest first: ! or not, comparisons, && and, ^^ xor, || or. Parentheses group. not in is the opposite of in.',
    )
    page.head('Parts of bytes and text; offsets from 0, negative ones from the end')
    page.items(Object.entries(sliceForms))
    page.head('Literals')
    page.items(Object.entries(literals))
    page.head('Names of every record')
    page.items(recordNames().map(({name, about}) => [name, about]))
    page.head('Packet types, for their presence and their bytes, and their fields')
    for (const type of types) writeType(page, type.name)
  },
}

const nameFacts = ({name, kind, about, words, size}: FilterName) => ({
  name,
  kind,
  about,
  values: words ? [...words] : null,
  size: size ?? null,
})

function writeOperator(page: Page, spellings: string, about: string, example: string): void {
  page.item(spellings, about, 14, page.theme.key)
  page.line(page.theme.faint(`${' '.repeat(14 + 2 * indent)}${example}`))
}

function writeType(page: Page, name: string): void {
  const fields = filterNames().filter(other => other.startsWith(`${name}.`))
  page.item(name, fields.map(field => field.slice(name.length)).join(' '), 0, page.theme.key)
}

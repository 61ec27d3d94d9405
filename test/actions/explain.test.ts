import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {explain} from '../../src/actions/explain.js'
import {occurrences} from '../../src/expert/occurrences.js'
import {effects, receivers, severities} from '../../src/expert/rule.js'
import {ruleTable} from '../../src/expert/rules.js'
import {filterNames} from '../../src/filter/names/names.js'
import {ownLimits} from '../../src/protocol/limits/own-limits.js'
import {protocolLimits} from '../../src/protocol/limits.js'
import {reservedIds} from '../../src/protocol/packets/reserved.js'
import {types} from '../../src/protocol/table.js'
import {recordKinds, recordStates} from '../../src/session/record-kinds.js'
import {topicNames} from '../../src/view/explain/find.js'
import {namedColumns} from '../../src/view/forms/columns.js'
import {InputError} from '../../src/wire/input-error.js'
import {RecordedIo} from '../terminal/recorded-io.js'

interface Style {
  readonly width?: number
  readonly isAscii?: boolean
  readonly colorLevel?: 0 | 3
}

function printed(
  name: string | undefined,
  json: boolean,
  {width = 80, isAscii = false, colorLevel = 0}: Style = {},
): string {
  const recorded = new RecordedIo()
  expect(explain({name, json, schema: false, width, isAscii, colorLevel}, recorded.io)).toBe(0)
  return recorded.stdout
}

const page = (name?: string, style: Style = {}): string => printed(name, false, style)

interface Answer {
  readonly name: string
  readonly topics: readonly {readonly kind: string; readonly name: string; readonly [key: string]: unknown}[]
}
const facts = (name: string): Answer => JSON.parse(printed(name, true)) as Answer

const limits = {...protocolLimits, ...ownLimits}
const layouts = types.flatMap(type => [type, ...(type.plain ? [type.plain] : [])])
const fields = layouts.flatMap(type => type.placed.map(({name}) => `${type.name}.${name}`))

describe('explain', () => {
  it.each(types.map(type => [type.name, type.title, type] as const))(
    "reaches the type %s, by its title and c-toxcore's constant too",
    (name, title, type) => {
      for (const asked of [name, title, type.cToxcore ?? name]) {
        const topic = facts(asked).topics.find(({kind, name: found}) => kind === 'type' && found === name)
        expect(topic).toMatchObject({
          title,
          c_toxcore: type.cToxcore ?? null,
          min_length: type.minLength,
          max_length: type.maxLength,
          source: type.source,
        })
        expect(topic!['fields']).toHaveLength(type.placed.length)
      }
      const text = page(name).replace(/\s+/g, ' ')
      if (type.cToxcore !== undefined) expect(text).toContain(`In c-toxcore: ${type.cToxcore}.`)
      for (const part of [name, title, type.about, type.source]) expect(text).toContain(part)
      for (const {name: field} of [...type.placed, ...(type.plain?.placed ?? [])]) expect(text).toContain(field)
    },
  )

  it('reaches every field, by its full name and by its own', () => {
    for (const full of fields) {
      expect(
        facts(full)
          .topics.filter(({kind}) => kind === 'field')
          .map(({name}) => name),
      ).toEqual([full])
      const own = full.split('.')[1]!
      expect(
        facts(own).topics.map(({name}) => name),
        own,
      ).toContain(full)
      expect(page(own)).toContain(full)
    }
  })

  it.each([...ruleTable.keys()])('reaches the rule %s', code => {
    const rule = ruleTable.get(code)!
    const [topic, ...more] = facts(code).topics.filter(({kind}) => kind === 'rule')
    expect(more).toEqual([])
    expect(topic).toMatchObject({
      kind: 'rule',
      name: code,
      severity: rule.severity,
      group: rule.group,
      about: rule.about,
      advice: rule.advice,
      effect: rule.effect,
      source: rule.source,
    })
    const words = page(code).replace(/\s+/g, ' ')
    for (const part of [code, rule.about, rule.advice, rule.severity, ...Object.values(rule.effect)])
      expect(words).toContain(part)
  })

  it('names only topics in the advice of rules', () => {
    const named = [...ruleTable.values()].flatMap(({advice}) => [...advice.matchAll(/`toxtcp explain ([^`]+)`/g)])
    expect(named.length).toBeGreaterThan(5)
    for (const [, name = ''] of named) expect(facts(name).topics.length, name).toBeGreaterThan(0)
  })

  it('says how many recordings break a rule, as text and as data', () => {
    const words = (name: string) => page(name).replace(/\s+/g, ' ')
    const {captures, runs, brokenIn} = occurrences
    const {captures: inCaptures, runs: inRuns} = brokenIn.get('crypto-data-full')!
    expect(words('crypto-data-full')).toContain(
      `How common Found in ${inCaptures} of ${captures} captures of real clients, and in ${inRuns} of ${runs} recorded`,
    )
    expect(facts('crypto-data-full').topics[0]).toMatchObject({
      how_common: {
        captures_of_real_clients: {broken_in: inCaptures, of: captures},
        runs_of_tests: {broken_in: inRuns, of: runs},
      },
    })
    expect(words('frame-mac-behind')).toContain('How common Not seen in the recordings')
    expect(facts('frame-mac-behind').topics[0]).toMatchObject({
      how_common: {captures_of_real_clients: {broken_in: 0}, runs_of_tests: {broken_in: 0}},
    })
    expect(words('packet-held')).toContain('How common Not counted: only a running proxy raises it')
    expect(facts('packet-held').topics[0]).toMatchObject({how_common: null})
  })

  it.each(Object.keys(limits) as (keyof typeof limits)[])('reaches the limit %s, by what others call it too', name => {
    const {value, unit, about, cToxcore, toxRs} = {cToxcore: undefined, toxRs: undefined, ...limits[name]}
    for (const asked of [name, `${value}`, ...[cToxcore, toxRs].filter(other => other !== undefined)]) {
      expect(
        facts(asked).topics.find(topic => topic.kind === 'limit' && topic.name === name),
        asked,
      ).toMatchObject({value, unit, about})
      expect(page(asked)).toContain(name)
    }
    expect(page(name)).toContain(`${value}`)
  })

  it.each([
    ...filterNames(),
    ...topicNames(),
    ...severities,
    ...receivers,
    ...Object.keys(effects),
    'lifecycle',
    'key log',
    'filters',
    'connection id',
  ])('reaches the name %s', name => {
    expect(facts(name).topics.length).toBeGreaterThan(0)
    expect(page(name)).not.toBe('')
  })

  it('finds names however they are spelt', () => {
    for (const name of ['OOB_SEND', 'oob-send', 'OobSend', 'oob send'])
      expect(facts(name).topics[0]).toMatchObject({kind: 'type', name: 'oob_send'})
    expect(facts('frame_too_long').topics[0]).toMatchObject({kind: 'rule', name: 'frame-too-long'})
    expect(facts('sealed_frame').topics[0]).toMatchObject({kind: 'limit', name: 'sealedFrame'})
  })

  it('finds types by their id, in every layer', () => {
    expect(facts('0x06').topics.map(({name}) => name)).toEqual(['oob_send', 'group_kick_peer'])
    expect(facts('0x1b').topics.map(({name}) => name)).toEqual(['data', 'crypto_data'])
    expect(facts(`0x0${reservedIds.last.toString(16)}`).topics.map(({name}) => name)).toEqual(['reserved'])
  })

  it('finds types by their id in decimal too, beside limits of that value', () => {
    expect(facts('6').topics.map(({name}) => name)).toEqual(expect.arrayContaining(['oob_send', 'relaysPerFriend']))
    expect(facts('80').topics.map(({name}) => name)).toContain('data')
  })

  const pages: readonly (readonly [word: string, page: string])[] = [
    ['Packet', 'packets'],
    ['DataPayload', 'payloads'],
    ['columns', 'columns'],
    ['kind', 'kinds'],
    ['state', 'record states'],
    ...Object.keys(recordKinds).map(kind => [kind, 'kinds'] as const),
    ...Object.keys(recordStates).map(state => [state, 'record states'] as const),
    ...['free', 'registered', 'online', 'unknown'].map(state => [state, 'states'] as const),
    ...namedColumns.flatMap(({name, header}) => [[name, 'columns'] as const, [header, 'columns'] as const]),
    ...['E', 'W', 'N'].map(letter => [letter, 'columns'] as const),
  ]
  it.each(pages)('explains the word %s on the page %s', (word, name) => {
    const topic = facts(word).topics.find(found => found.kind === 'reference' && found.name === name)
    expect(topic).toBeDefined()
    expect(page(name)).toContain(word === 'Packet' || word === 'DataPayload' ? name : word)
  })

  it('explains every heading in the tables of stats', () => {
    const golden = readFileSync('test/golden/stats/two_clients-200.txt', 'utf8').split('\n')
    const rules = golden.flatMap((line, index) => (/^─[─ ]*$/.test(line) ? [index] : []))
    // The ends of a histogram's scale are times.
    const headings = rules
      .flatMap(index => golden[index - 1]!.trim().split(/ {2,}/))
      .filter(heading => !/^\d/.test(heading))
    expect(headings.length).toBeGreaterThan(30)
    const explained = page('statistics')
    for (const heading of headings) {
      const bare = heading.replace(/^[<>] /, '')
      expect(explained).toMatch(new RegExp(`^ +${bare} `, 'm'))
      expect(facts(bare).topics.map(({name}) => name)).toContain('statistics')
    }
  })

  it('lists everything without a name', () => {
    const text = page()
    const index = JSON.parse(printed(undefined, true)) as Record<
      'types' | 'rules' | 'limits' | 'references',
      {name?: string; code?: string}[]
    >
    for (const type of types) expect(text).toContain(` ${type.name}`)
    for (const code of ruleTable.keys()) expect(text).toContain(`  ${code}\n`)
    for (const name of Object.keys(limits)) expect(text).toContain(`  ${name} `)
    expect(index.types).toHaveLength(types.length)
    expect(index.rules.map(({code}) => code)).toEqual([...ruleTable.keys()])
    expect(index.limits).toHaveLength(Object.keys(limits).length)
    for (const {name} of index.references) expect(page(name)).not.toBe('')
  })

  it('fits the width of the terminal, in ASCII if asked', () => {
    // An expectation for each of the 300,000 lines would take longer than the pages do.
    const wrong: string[] = []
    for (const name of [undefined, ...topicNames()]) {
      for (const width of [64, 80, 132]) {
        for (const isAscii of [true, false]) {
          const known = isAscii ? /^[\x20-\x7e]*$/ : /^[\x20-\x7e│─┌┬┐└┴┘…]*$/
          for (const line of page(name, {width, isAscii}).split('\n'))
            if (line.length > width || !known.test(line) || /\s$/.test(line)) wrong.push(`${name}, ${width}: ${line}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('has the same text in colour', () => {
    for (const name of [
      undefined,
      'oob_send',
      'client_handshake',
      'frame-too-long',
      'states',
      'filter',
      'severities',
    ]) {
      const colored = page(name, {colorLevel: 3})
      expect(colored).toContain('\u001b[')
      expect(colored.replace(/\u001b\[[\d;]*m/g, '')).toBe(page(name))
    }
  })

  it('draws the bytes of a type', () => {
    expect(page('oob_send', {isAscii: true})).toContain(`
Layout: 34 to 1057 bytes, the id byte included
  0    1                33
  +----+----------------+--------------+
  | id | destination_pk | data         |
  | 06 | 32 bytes       | 1-1024 bytes |
  +----+----------------+--------------+
`)
    expect(page('relay_handshake')).toContain(`
  payload, a sealed box
  24         40           72
  ┌──────────┬────────────┬────────────┐
  │ MAC      │ session_pk │ base_nonce │
  │ 16 bytes │ 32 bytes   │ 24 bytes   │
  └──────────┴────────────┴────────────┘
`)
    expect(page('forward_request')).toContain('  0    1               8/20\n')
    expect(page('data')).toContain('│ 10-ff         │ 1-2031 bytes │')
  })

  it('shows what each receiver does', () => {
    expect(page('data-on-free-id')).toContain(`
               relay        client
  c-toxcore    closes       -
  tox-rs       discards     -
`)
    expect(page('oob_send')).toMatch(/error oob-empty\n.*\n +closes: c-toxcore relay, tox-rs relay\n/)
  })

  it('names on the page of a packet type only receivers that get the packet', () => {
    const rulesOf = (name: string) =>
      facts(name).topics[0]!['rules'] as {readonly code: string; readonly effect: Readonly<Record<string, string>>}[]
    const receiversOf = (name: string, code: string) =>
      Object.keys(rulesOf(name).find(rule => rule.code === code)!.effect)
    expect(receiversOf('oob_send', 'packet-too-short')).toEqual(['c_toxcore_relay', 'tox_rs_relay'])
    expect(receiversOf('oob_receive', 'packet-too-short')).toEqual(['c_toxcore_client', 'tox_rs_client'])
    expect(receiversOf('ping_request', 'packet-too-short')).toEqual([...receivers])
    // An OobSend from a relay is what breaks this rule: clients receive it.
    expect(receiversOf('oob_send', 'wrong-direction')).toEqual(['c_toxcore_client', 'tox_rs_client'])
    expect(page('oob_send')).toMatch(/error packet-too-short\n.*\n +closes: c-toxcore relay, tox-rs relay\n/)
  })

  it('shows the life of a connection id', () => {
    expect(page('states')).toMatch(/^ +response< +registered +- +- +unknown$/m)
    expect(page('states')).toMatch(/^ +data> +- +- +online +unknown$/m)
  })

  it.each([
    ['oob_sned', 'oob_send'],
    ['frame-to-long', 'frame-too-long'],
    ['destinaton_pk', 'destination_pk'],
    ['MAX_PACKETSIZE', undefined],
    ['MAX_PACKET_SIZ', 'MAX_PACKET_SIZE'],
    ['0x99', undefined],
    ['', undefined],
    ['\u001b[31m', undefined],
  ])('answers the unknown name "%s" with the nearest', (name, near) => {
    if (name === 'MAX_PACKETSIZE' || name === '0x99') {
      expect(facts(name).topics.length).toBeGreaterThan(0)
      return
    }
    expect(() => page(name)).toThrow(InputError)
    try {
      printed(name, true)
    } catch (error) {
      const {message, hint} = error as InputError
      expect(message).toBe(`there is nothing called "${name.replace('\u001b', '\\x1b')}"`)
      expect(hint).toContain(near ?? '`toxtcp explain`')
    }
  })

  it('writes each guide that the list of all names has, under its name', () => {
    const list = printed(undefined, false)
    const guides = list
      .slice(list.indexOf('Guides\n'), list.indexOf('Types: '))
      .match(/(?<=^ {2})\w+(?: \w+)?(?= {2})/gm)!
    expect(guides).toContain('packets')
    for (const guide of guides) {
      const text = printed(guide, false)
      expect(text.split('\n')[0]).toMatch(new RegExp(`^${guide}  (?!.*the name of)`))
      expect(text.split('\n').length).toBeGreaterThan(5)
    }
  })
})

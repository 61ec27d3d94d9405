import {describe, expect, test} from 'vitest'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {headlineOf} from '../../../src/tree/headline.js'
import {fixture, jsonLines} from '../../session/recorded.js'
import {printed} from '../print.js'

const chatId = '6524c6b24082ed1db3e578b21daf021eec0db8ee1a5fcf533d024f3a3a606cb0'

/** What the application of one of the two clients was given. */
interface Event {
  readonly who: 'alice' | 'bob'
  readonly event: 'message' | 'group_invite' | 'group_peer_join' | 'group_message' | 'group_private_message'
  readonly text?: string
  readonly name?: string
  /** 1: an action. */
  readonly type?: number
}

async function recording(name: string): Promise<{records: SessionRecord[]; events: Event[]}> {
  const records: SessionRecord[] = []
  const keylog = fixture('newer-toxcore/invitation.keylog')
  for await (const {source} of openCapture(fixture(`newer-toxcore/${name}.pcapng`), {keylog})) records.push(source)
  return {records, events: jsonLines<Event>(`newer-toxcore/${name}.events.jsonl.gz`)}
}

const [invitation, search] = await Promise.all([recording('invitation'), recording('search')])

const dialogue = (records: readonly SessionRecord[], labels: ReadonlyMap<string, string> = new Map()): string[] =>
  printed([...records], {format: 'conversation', labels, width: 10_000})
    .trimEnd()
    .split('\n')
    .map(line => line.replace(/^ *-?[\d.]+ {2}/, ''))

/** The end of the line in which an event is shown. */
function wordsOf({event, who, text, name, type}: Event): string {
  const other = who === 'alice' ? 'bob' : 'alice'
  const said = type === 1 ? `* ${text}` : `${text}`
  switch (event) {
    case 'message':
      return `  ${said}`
    case 'group_invite':
      return `  invites to group ${name}`
    case 'group_peer_join':
      return ` > group Chess and tea  is in the group as "${name}"`
    case 'group_message':
      return `${other} > group Chess and tea  ${said}`
    case 'group_private_message':
      return `${other} > ${who} (group Chess and tea)  ${said}`
  }
}

describe.each([
  ['in which a friend is invited to a group', invitation, 8],
  ['in which a member finds a group by its chat id', search, 3],
] as const)('a recording of c-toxcore 0.2.23 %s', (_, {records, events}, count) => {
  test('shows all that the applications saw', () => {
    const lines = dialogue(records)
    expect(events).toHaveLength(count)
    expect(events.map(wordsOf).filter(words => !lines.some(line => line.endsWith(words)))).toEqual([])
  })

  test('opens to the last box', () => {
    const sealed = records.filter(({findings}) => findings.some(({code}) => code === 'inner-sealed'))
    expect(sealed.map(record => headlineOf(record))).toEqual([])
  })
})

test('a private message of 1,367 bytes is right, and one of 1,368, which did not arrive, is marked', () => {
  const found = invitation.records.flatMap(({findings, inferred}) => {
    const length = inferred?.assembled?.bytes.length
    return length === undefined ? [] : [`${length}: ${findings.map(({code}) => code).join(' ')}`]
  })
  expect([...new Set(found)]).toMatchInlineSnapshot(`
    [
      "1386: data-kind-group",
      "1382: data-kind-group",
      "1383: data-kind-group inner-too-long",
    ]
  `)
  const marked = dialogue(invitation.records).filter(line => line.includes('['))
  expect(marked.map(line => line.replace(/(?<= {2}).*(?= \[)/, '…'))).toMatchInlineSnapshot(`
    [
      "bob > alice (group Chess and tea)  … [discarded: inner-too-long]",
    ]
  `)
  const received = invitation.events.filter(({event}) => event === 'group_private_message')
  expect(received.map(({text}) => text?.length)).toEqual([1367])
})

describe('the chat id of a group', () => {
  const rows = (labels: ReadonlyMap<string, string>): string[] =>
    printed(search.records, {format: 'list', isAscii: false, labels, width: 10_000})
      .split('\n')
      .flatMap(line => /OnionNewAnnounce\w+ .*?(?= · OnionLayer| {2,}|$)/.exec(line) ?? [])
      .map(line => line.replace(/#\d+/, '#…'))

  test('is shown where members announce themselves and ask for others, by its name once that is known', () => {
    expect([...new Set(rows(new Map()))]).toMatchInlineSnapshot(`
      [
        "OnionNewAnnounceRequest announces bob (a1b3…8e17) in Chess and tea (6524…6cb0)",
        "OnionNewAnnounceResponse not found, 4 nodes, member alice (e60c…0b7b) [answers #… about Chess and tea (6524…6cb0)]",
        "OnionNewAnnounceResponse not found, 4 nodes [answers #… about Chess and tea (6524…6cb0)]",
      ]
    `)
    const tree = printed(invitation.records, {format: 'tree', width: 200})
    expect(tree).toContain(`${chatId} (Chess and tea)`)
    expect(tree).toMatch(new RegExp(`\\[Group\\] +${chatId} \\(Chess and tea\\)`))
  })

  test('is in the JSON of the answers to such requests, and can be asked for in a filter', async () => {
    const withChatId = (records: readonly SessionRecord[]) => {
      const lines = printed([...records], {format: 'json'})
        .trimEnd()
        .split('\n')
      return lines.map(line => JSON.parse(line)).filter(record => record.inferred?.answer_chat_id === chatId)
    }
    const named = withChatId(search.records)
    expect(new Set(named.map(({inner}) => inner.type))).toEqual(new Set(['onion_new_announce_response']))
    expect(named).toHaveLength(rows(new Map()).filter(row => row.includes('about Chess and tea')).length)
    const filter = `inferred.answer_chat_id == ${chatId}`
    const found: number[] = []
    const keylog = fixture('newer-toxcore/invitation.keylog')
    for await (const {number} of openCapture(fixture('newer-toxcore/search.pcapng'), {keylog, filter}))
      found.push(number)
    expect(found).toEqual(named.map(({number}) => number))
  })

  test('has the name that a label gives it, in the dialogue, too', () => {
    const labels = new Map([[chatId, 'Our club']])
    expect(rows(labels).filter(row => row.includes('announces'))[0]).toContain('in Our club (6524…6cb0)')
    expect(dialogue(invitation.records, labels)).toContain('alice > group Our club  welcome, bob')
  })
})

import {beforeAll, describe, expect, test} from 'vitest'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {innerWindow, type TypeName, typeNamed} from '../../../src/protocol/table.js'
import type {GroupChat} from '../../../src/session/conversation/groups.js'
import {groupSayings} from '../../../src/session/conversation/limits.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {GroupConversation} from '../../../src/view/conversation/group-words.js'
import {PeerNames} from '../../../src/view/peer-names.js'
import type {Time} from '../../../src/wire/chunk.js'
import {microsPerSecond} from '../../../src/wire/time.js'
import {noShift, Window} from '../../../src/wire/window.js'
import {encodePartial, type PartialValues} from '../../../src/wire/write.js'
import {fixture} from '../../session/recorded.js'
import {printed} from '../print.js'

describe('the recording of a group', () => {
  const anna = 'ca9c69f7e39cfbe60bc65d16acc5bec822659ae9ffc5b1daa6177c6b2fd4ca79'
  const records: SessionRecord[] = []
  const shown = (labels: ReadonlyMap<string, string>) =>
    printed(records, {format: 'conversation', labels, width: 10_000}).replaceAll(/(0123456789 ab){2,}/g, '…')
  beforeAll(async () => {
    const keylog = fixture('newer-toxcore/group.keylog')
    for await (const {source} of openCapture(fixture('newer-toxcore/group.pcapng'), {keylog})) records.push(source)
  })

  test('is a dialogue of its members, each saying once, put together from fragments', () => {
    expect(shown(new Map())).toMatchInlineSnapshot(`
      "4.103241788  ca9c…ca79 > group test  the group: public; up to 100 members; all may speak; moderators set the topic; no password
      4.154376132  fd32…e669 > group test  is in the group as "test"
      4.199095834  ca9c…ca79 > group test  is in the group as "test"
      4.199095834  test > test (group test)  begin … end
      4.206456330  test > group test  leaves
      4.509988757  8e0c…a512 > group test  is in the group as "test"
      4.557433572  test > group test  the topic is "a topic", set by test
      4.557433572  test > group test  GroupCustom 16, 6 bytes
      4.557433572  test > group test  GroupCustomLossy 5 bytes
      4.557433572  test > group test  begin … end
      4.562330281  test > group test  leaves
      4.562997977  test > group test  leaves
      "
    `)
  })

  test('has the names that labels give', () => {
    const lines = shown(new Map([[anna, 'Anna']])).split('\n')
    expect(lines.filter(line => line.includes('Anna > test (group test)  begin'))).toHaveLength(1)
    expect(lines.filter(line => line.includes('Anna > group test  begin'))).toHaveLength(1)
  })
})

const keyOf = (member: string): Uint8Array => new Uint8Array(32).fill(member.charCodeAt(0))
const hexKey = (member: string): string => Buffer.from(keyOf(member)).toString('hex')
const windowOf = (bytes: Uint8Array, name: TypeName): Window =>
  new Window(typeNamed(name), bytes, 0, bytes.length, noShift)

/** A packet of a group, alone or as a broadcast. */
function packetOf(
  name: TypeName,
  values: PartialValues,
): Pick<Parameters<GroupConversation['take']>[0], 'packet' | 'carried'> {
  const bytes = encodePartial(typeNamed(name), values)
  if (typeNamed(name).layer !== 'group_broadcast') return {packet: windowOf(bytes, name), carried: undefined}
  const packet = windowOf(
    encodePartial(typeNamed('group_broadcast'), {message_id: 1n, payload: bytes}),
    'group_broadcast',
  )
  return {packet, carried: innerWindow(packet)}
}

class Said {
  readonly #group: GroupChat = {number: 1, name: 'Climbers', chatId: hexKey('g')}
  readonly #words: GroupConversation
  #time: Time | null = null

  constructor(...labels: readonly string[]) {
    this.#words = new GroupConversation(new PeerNames({labels: new Map(labels.map(name => [hexKey(name), name]))}))
  }

  /** When what follows is said. */
  at(seconds: number): this {
    this.#time = {micros: seconds * microsPerSecond, nanos: 0}
    return this
  }

  by(sender: string, receiver: string, name: TypeName, values: PartialValues): string | undefined {
    const ends = {sender: hexKey(sender), receiver: hexKey(receiver)}
    const spoken = {...ends, ...packetOf(name, values), time: this.#time, number: null, group: this.#group}
    return this.#words.take(spoken, this.#group)?.join('  ')
  }
}

const text = {pseudo_id: 7, text: 'hello'}
const info = (nickname: string, status: number, password?: string, stale = ''): PartialValues => ({
  message_id: 1n,
  password: password === undefined ? [] : [{length: password.length, text: password}],
  nickname_length: nickname.length,
  nickname: nickname + stale,
  status,
})
const signed = {version: 1, hash: keyOf('h'), checksum: 2, setter_sig_pk: keyOf('m'), signature: new Uint8Array(64)}
const sanction = {
  ...{sanction_type: 0, setter_sig_pk: keyOf('m'), time_set: 1n, target_enc_pk: keyOf('C')},
  signature: new Uint8Array(64),
}

describe('what a member says', () => {
  test.each<[name: TypeName, values: PartialValues, words: string]>([
    ['group_message', text, 'group Climbers  hello'],
    ['group_action', text, 'group Climbers  * hello'],
    ['group_private_message', {message_type: 0, ...text}, 'B (group Climbers)  hello'],
    ['group_private_message', {message_type: 1, ...text}, 'B (group Climbers)  * hello'],
    ['group_nick', {nickname: 'Ann'}, 'group Climbers  is called "Ann"'],
    ['group_status', {status: 1}, 'group Climbers  is away'],
    ['group_peer_info_response', info('Ann', 0), 'group Climbers  is in the group as "Ann"'],
    [
      'group_peer_info_response',
      info('Ann', 2, 'secret', '\0ette'),
      'group Climbers  is in the group as "Ann", and is busy',
    ],
    ['group_peer_info_response', {message_id: 1n}, 'group Climbers  is in the group'],
    ['group_peer_exit', {text: ''}, 'group Climbers  leaves'],
    ['group_peer_exit', {text: 'bye'}, 'group Climbers  leaves: "bye"'],
    ['group_kick_peer', {target_pk: keyOf('C')}, 'group Climbers  removes C'],
    ['group_set_mod', {is_set: 1, target_sig_pk: keyOf('x')}, 'group Climbers  makes 7878…7878 a moderator'],
    ['group_set_mod', {is_set: 0, target_sig_pk: keyOf('C')}, 'group Climbers  takes C the role of a moderator'],
    [
      'group_set_observer',
      {is_set: 1, target_enc_pk: keyOf('C'), target_sig_pk: keyOf('c'), sanctions: [sanction], ...signed},
      'group Climbers  takes C the right to speak',
    ],
    ['group_invite_reject', {reason: 1}, 'B (group Climbers)  refuses: wrong password'],
    ['group_custom', {message_id: 1n, data: keyOf('d')}, 'group Climbers  GroupCustom 1, 32 bytes'],
    ['group_custom_private_lossy', {data: keyOf('d')}, 'B (group Climbers)  GroupCustomPrivateLossy 32 bytes'],
  ])('%s', (name, values, words) => {
    expect(new Said('A', 'B', 'C').by('A', 'B', name, values)).toBe(`A > ${words}`)
  })

  test('to all is shown once, and again where it is said again', () => {
    const said = new Said()
    const receivers = ['B', 'C', 'B', 'C']
    const shown = receivers.map(receiver => said.by('A', receiver, 'group_message', text) !== undefined)
    expect(shown).toEqual([true, false, true, false])
    expect(said.by('B', 'C', 'group_message', text)).toBeDefined()
  })

  test('to all is shown again where its first receiver has left, or some members came later', () => {
    const said = new Said()
    const custom = {message_id: 1n, data: keyOf('d')}
    const at = (seconds: number, receiver: string) =>
      said.at(seconds).by('A', receiver, 'group_custom', custom) !== undefined
    expect([at(0, 'B'), at(0, 'C'), at(100, 'C'), at(200, 'C'), at(200, 'D')]).toEqual([true, false, true, true, false])
    expect([at(300, 'D'), at(301, 'C'), at(302, 'D'), at(302, 'C')]).toEqual([true, false, true, false])
  })

  test('over groupSayings, the oldest is shown again to another member', () => {
    const said = new Said()
    for (let n = 0; n <= groupSayings; n++) said.by('A', 'B', 'group_message', {...text, pseudo_id: n})
    expect(said.by('A', 'C', 'group_message', {...text, pseudo_id: 0})).toBeDefined()
    expect(said.by('A', 'C', 'group_message', {...text, pseudo_id: 2})).toBeUndefined()
  })

  test('of itself is shown where it is new', () => {
    const said = new Said('A')
    const shown = [
      said.by('A', 'B', 'group_peer_info_response', info('Ann', 0)),
      said.by('A', 'C', 'group_peer_info_response', info('Ann', 0)),
      said.by('A', 'C', 'group_nick', {nickname: 'Ann'}),
      said.by('A', 'B', 'group_peer_exit', {text: ''}),
      said.by('A', 'C', 'group_peer_exit', {text: ''}),
    ]
    expect(shown.map(words => words?.split('  ')[1])).toEqual([
      'is in the group as "Ann"',
      undefined,
      undefined,
      'leaves',
      undefined,
    ])
  })

  test('has the label of its group by the chat id', () => {
    expect(new Said('A', 'g').by('A', 'B', 'group_message', text)).toBe('A > group g  hello')
  })
})

test('what the founder sets is said whole, and then what changes; an older state that comes late is left out', () => {
  const said = new Said('A')
  const set = (version: number, changes: PartialValues) =>
    said.by('A', 'B', 'group_shared_state', {
      ...{message_id: 1n, signature: new Uint8Array(64), version, founder_enc_pk: keyOf('A')},
      ...{founder_sig_pk: keyOf('a'), max_peers: 100, group_name_length: 8, group_name: 'Climbers', privacy_state: 0},
      ...{password_length: 0, password: '', mod_list_hash: keyOf('h'), topic_lock: 0, voice_state: 0, ...changes},
    })
  const words = [set(1, {}), set(2, {voice_state: 1}), set(1, {}), set(3, {voice_state: 1})]
  const all = 'public; up to 100 members; all may speak; moderators set the topic; no password'
  expect(words).toEqual([
    `A > group Climbers  the group: ${all}`,
    'A > group Climbers  the group: moderators may speak',
    ...[undefined, undefined],
  ])
  expect(set(4, {voice_state: 1, password_length: 3, password: 'abc'})).toContain('the group: the password is "abc"')
})

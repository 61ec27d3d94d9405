import {describe, expect, test} from 'vitest'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {innerWindow, type TypeName, typeNamed} from '../../../src/protocol/table.js'
import {heardClients, joinedConferences, sameSayings} from '../../../src/session/conversation/limits.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {ConferenceConversation} from '../../../src/view/conversation/conferences.js'
import {PeerNames} from '../../../src/view/peer-names.js'
import {noShift, Window} from '../../../src/wire/window.js'
import {encodePartial, type PartialValues} from '../../../src/wire/write.js'
import {fixture, fixtureText} from '../../session/recorded.js'
import {printed} from '../print.js'

test('a conference of two clients is a dialogue in which each says once what is passed on', async () => {
  const folder = 'captures/two_clients'
  const records: SessionRecord[] = []
  const keylog = Buffer.from(['sessions', 'inner'].map(log => fixtureText(`${folder}/${log}.keylog`)).join('\n'))
  for await (const {source} of openCapture(fixture(`${folder}/capture.pcap`), {keylog})) records.push(source)
  const lines = printed(records, {format: 'conversation', width: 200}).split('\n')
  expect(lines.filter(line => line.includes('conference')).join('\n')).toMatchInlineSnapshot(`
    " 12.671458  Анна Новая > Бо  invites to conference 1
     12.698313  Бо > Анна Новая  joins conference 1
     12.733932  Бо > conference 1  is in the conference
     12.792378  Анна Новая > conference 1  the title is "Конференция"
     12.831630  Бо > conference Конференция  is called "Бо"
     14.822603  Анна Новая > conference Конференция  to the conference
     14.845386  Бо > conference Конференция  ответ
     14.884829  Анна Новая > conference Конференция  leaves"
  `)
})

const key = (of: string): string => of.charCodeAt(0).toString(16).repeat(32)
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const id = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const encoded = (name: TypeName, values: PartialValues): Uint8Array => encodePartial(typeNamed(name), values)

/** What is said of packets from one peer to another. */
class Play {
  readonly #conversation = new ConferenceConversation(new PeerNames({labels: new Map([[key('A'), 'Anna']])}))

  say(sender: string, receiver: string, name: TypeName, values: PartialValues): string | undefined {
    const bytes = encoded(name, values)
    const packet = new Window(typeNamed(name), bytes, 0, bytes.length, noShift)
    const ends = {sender: key(sender), receiver: key(receiver)}
    return this.#conversation.take({time: null, ...ends, packet, carried: innerWindow(packet), number: 0})?.join('  ')
  }

  invite(sender: string, receiver: string, conference: number, unique: number): string | undefined {
    const values = {conference_id: conference, conference_type: 0, unique_id: id(unique)}
    return this.say(sender, receiver, 'conference_invitation', {payload: encoded('conference_invite', values)})
  }

  message(ends: string, [conference, peer, number]: readonly [number, number, number], payload: Uint8Array) {
    const values = {conference_id: conference, peer_id: peer, message_id: number, payload}
    return this.say(ends[0]!, ends[1]!, 'conference_message', values)
  }
}

const said = (text: string) => encoded('conference_text', {text})

describe('a conference', () => {
  test('has members by their number, with the names of their keys, else those that they say', () => {
    const play = new Play()
    const member = (peer: number, real: string, nickname: string) => {
      const keys = {real_pk: bytesOf(key(real)), temp_pk: id(9)}
      return {peer_id: peer, ...keys, nickname_length: nickname.length, nickname}
    }
    const peers = [member(1, 'A', 'x'), member(2, 'B', 'Bert'), member(3, 'C', '')]
    const payload = encoded('conference_query_response', {peers})
    expect(play.say('A', 'B', 'conference_direct', {conference_id: 5, payload})).toBeUndefined()
    expect(play.message('AB', [5, 1, 1], said('hi'))).toBe('Anna > conference 1  hi')
    expect(play.message('AB', [5, 2, 1], said('ho'))).toBe('Bert > conference 1  ho')
    expect(play.message('AB', [5, 3, 1], said('he'))).toBe('4343…4343 > conference 1  he')
    expect(play.message('AB', [5, 4, 1], said('ha'))).toBe('member 4 > conference 1  ha')
  })

  test('is the same at both ends, and another one where its number is given again', () => {
    const play = new Play()
    expect(play.invite('A', 'B', 0, 1)).toBe('Anna > 4242…4242  invites to conference 1')
    const answer = {conference_id_local: 7, conference_id_join: 0, conference_type: 0, unique_id: id(1)}
    const accepted = encoded('conference_invite_response', answer)
    expect(play.say('B', 'A', 'conference_invitation', {payload: accepted})).toContain('joins conference 1')
    expect(play.message('AB', [7, 1, 1], said('hi'))).toBe('member 1 > conference 1  hi')
    expect(play.message('BA', [0, 1, 1], said('hi'))).toBeUndefined()
    expect(play.message('BA', [0, 2, 1], said('ho'))).toBe('member 2 > conference 1  ho')
    expect(play.invite('A', 'C', 0, 2)).toContain('invites to conference 2')
  })

  test('with sound is said to be one, and who begins to send sound', () => {
    const play = new Play()
    const payload = encoded('conference_invite', {conference_id: 0, conference_type: 1, unique_id: id(1)})
    const invites = play.say('A', 'B', 'conference_invitation', {payload})
    expect(invites).toContain('invites to conference 1, an audio conference')
    const sound = (kind: number, peer: number) =>
      play.say('B', 'A', 'conference_lossy', {conference_id: 0, peer_id: peer, message_id: 1, kind, data: id(7)})
    expect([sound(9, 1), sound(192, 1), sound(192, 1), sound(192, 2)]).toEqual([
      ...[undefined, 'member 1 > conference 1  begins to send sound', undefined],
      'member 2 > conference 1  begins to send sound',
    ])
  })

  test('is not another one in which the same is said with the same numbers', () => {
    const play = new Play()
    play.invite('A', 'B', 0, 1)
    play.invite('A', 'C', 1, 2)
    expect(play.message('BA', [0, 1, 1], said('hi'))).toBe('member 1 > conference 1  hi')
    expect(play.message('CA', [1, 1, 1], said('hi'))).toBe('member 1 > conference 2  hi')
    expect(play.message('CA', [1, 1, 1], said('hi'))).toBeUndefined()
  })

  test('whose id is not known is the same where a member passes a text on to the next one', () => {
    const play = new Play()
    expect(play.message('AB', [5, 1, 1], said('hi'))).toBe('member 1 > conference 1  hi')
    expect(play.message('BC', [3, 1, 1], said('hi'))).toBeUndefined()
    expect(play.message('AD', [8, 1, 1], said('hi'))).toBeUndefined()
    expect(play.message('CD', [8, 2, 1], said('ho'))).toBe('member 2 > conference 1  ho')
    expect(play.message('DB', [5, 2, 1], said('ho'))).toBeUndefined()
  })

  test('whose id is known at one member only is the same at the next one, with names and title', () => {
    const play = new Play()
    const bo = {peer_id: 2, real_pk: bytesOf(key('B')), temp_pk: id(9), nickname_length: 2, nickname: 'Bo'}
    const payload = encoded('conference_query_response', {peers: [bo]})
    play.say('B', 'C', 'conference_direct', {conference_id: 3, payload})
    play.invite('A', 'B', 0, 1)
    play.say('B', 'A', 'conference_invitation', {
      payload: encoded('conference_invite_response', {
        ...{conference_id_local: 5, conference_id_join: 0, conference_type: 0, unique_id: id(1)},
      }),
    })
    expect(play.message('AB', [5, 1, 1], said('hi'))).toBe('member 1 > conference 2  hi')
    expect(play.message('BC', [3, 1, 1], said('hi'))).toBeUndefined()
    expect(play.message('CD', [8, 2, 9], said('ho'))).toBe('member 2 > conference 3  ho')
    expect(play.message('BC', [3, 2, 9], said('ho'))).toBeUndefined()
    expect(play.message('AB', [5, 2, 10], said('he'))).toBe('Bo > conference 1  he')
  })

  test.each([
    ['the members have nothing to do with each other', 'CD', 3],
    ['one member has it under two numbers', 'CB', 6],
  ])('whose id is not known is another one where %s', (_, ends, number) => {
    const play = new Play()
    expect(play.message('AB', [5, 1, 1], said('hi'))).toBe('member 1 > conference 1  hi')
    expect(play.message(ends, [number, 1, 1], said('hi'))).toBe('member 1 > conference 2  hi')
  })

  test('is not the same one because of a name, which a client says in each', () => {
    const play = new Play()
    const name = encoded('conference_change_name', {name: 'Al'})
    expect(play.message('AB', [5, 0, 1], name)).toBe('member 0 > conference 1  is called "Al"')
    expect(play.message('AC', [3, 0, 1], name)).toBeUndefined()
    expect(play.message('AC', [3, 0, 2], said('hi'))).toBe('member 0 > conference 2  hi')
  })

  test(`passes on one message of ${sameSayings} conferences, and then forgets the first`, () => {
    const play = new Play()
    const hi = (n: number) => play.message(`${String.fromCharCode(65 + 2 * n, 66 + 2 * n)}`, [5, 1, 1], said('hi'))
    for (let n = 0; n <= sameSayings; n++) expect(hi(n)).toContain('hi')
    expect(hi(1)).toBeUndefined()
    expect(hi(0)).toContain('hi')
  })

  const client = (n: number): string => String.fromCharCode('A'.charCodeAt(0) + n)

  test(`is known to be the same where up to ${heardClients} clients have a text`, () => {
    const play = new Play()
    for (let n = 1; n < heardClients; n++) play.message(`${client(0)}${client(n)}`, [5, 1, 1], said('hi'))
    const [last, next, after] = [heardClients - 1, heardClients, heardClients + 1].map(client)
    expect(play.message(`${last}${next}`, [5, 1, 1], said('hi'))).toBeUndefined()
    expect(play.message(`${next}${after}`, [5, 1, 1], said('hi'))).toBe('member 1 > conference 65  hi')
  })

  test.each([
    [joinedConferences, 'Bo'],
    [joinedConferences + 1, 'member 2'],
  ])('of which %i turned out to be the same has the members of the first ones', (count, name) => {
    const play = new Play()
    const bo = {peer_id: 2, real_pk: bytesOf(key('B')), temp_pk: id(9), nickname_length: 2, nickname: 'Bo'}
    const payload = encoded('conference_query_response', {peers: [bo]})
    for (let n = 1; n <= count; n++) {
      if (n === count) play.say(client(n - 1), client(n), 'conference_direct', {conference_id: 5, payload})
      play.message(`${client(n - 1)}${client(n)}`, [5, 1, 1], said('hi'))
    }
    expect(play.message('AB', [5, 2, 1], said('ho'))).toBe(`${name} > conference 1  ho`)
  })

  test('says what its members do, and nothing of what keeps it together', () => {
    const play = new Play()
    let number = 0
    const words = [
      encoded('conference_new_peer', {new_peer_id: 8, long_term_pk: bytesOf(key('A')), dht_pk: id(9)}),
      encoded('conference_change_title', {title: 'Tea'}),
      encoded('conference_change_title', {title: 'Tea'}),
      encoded('conference_action', {text: 'waves'}),
      encoded('conference_change_name', {name: 'Al'}),
      encoded('conference_ping', {}),
      encoded('conference_freeze_peer', {freeze_peer_id: 3}),
      encoded('conference_kill_peer', {kill_peer_id: 3}),
    ].map(payload => play.message('AB', [5, 3, number++], payload))
    expect(words).toEqual([
      'Anna > conference 1  is in the conference',
      'member 3 > conference 1  the title is "Tea"',
      undefined,
      'member 3 > conference Tea  * waves',
      'member 3 > conference Tea  is called "Al"',
      undefined,
      'member 3 > conference Tea  leaves, and may come back',
      'member 3 > conference Tea  leaves',
    ])
  })
})

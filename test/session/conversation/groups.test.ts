import {expect, test} from 'vitest'
import {typeNamed} from '../../../src/protocol/table.js'
import {Groups} from '../../../src/session/conversation/groups.js'
import {noShift, Window} from '../../../src/wire/window.js'
import {encodePartial} from '../../../src/wire/write.js'

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const hex = (fill: number): string => Buffer.from(bytes(fill)).toString('hex')

/** The opened box of a request in which a member announces itself in a group, or searches for a key. */
function request(searched: number, announcement: readonly {chat: number; member: number}[]): Window {
  const {plain} = typeNamed('onion_new_announce_request')
  const members = announcement.map(({chat, member}) => ({
    ...{chat_id: bytes(chat), pk: bytes(member), has_ip_port: 0, relay_count: 0, ip_port: null, relays: []},
  }))
  const values = {ping_id: bytes(0), search_pk: bytes(searched), data_pk: bytes(0), sendback: new Uint8Array(8)}
  const content = encodePartial(plain!, {...values, announcement: members})
  return new Window(plain!, content, 0, content.length, noShift)
}

test('members that announce the same chat id are in one group', () => {
  const groups = new Groups()
  groups.announced(request(9, [{chat: 1, member: 5}]))
  groups.announced(request(8, [{chat: 1, member: 6}]))
  expect(groups.meet(hex(5), null)).toBe(groups.meet(hex(6), null))
  expect(groups.meet(hex(5), null).chatId).toBe(hex(1))
})

test('groups with two chat ids stay two, whatever a member announces', () => {
  const groups = new Groups()
  groups.announced(request(9, [{chat: 1, member: 5}]))
  groups.announced(request(9, [{chat: 2, member: 6}]))
  groups.announced(request(9, [{chat: 2, member: 5}]))
  groups.meet(hex(5), hex(6))
  expect([5, 6].map(member => groups.meet(hex(member), null).chatId)).toEqual([hex(1), hex(2)])
})

test('a search announces nobody', () => {
  const groups = new Groups()
  groups.announced(request(9, []))
  expect(groups.meet(hex(5), null)).toMatchObject({number: 1, chatId: undefined})
})

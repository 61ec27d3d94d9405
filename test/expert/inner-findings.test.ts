import {expect, test} from 'vitest'
import {messageOf} from '../../src/expert/finding.js'
import {checkOpened, isInnerLayer} from '../../src/expert/inner-check.js'
import {typeNamed} from '../../src/protocol/table.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {noShift, Window} from '../../src/wire/window.js'
import {findingLine} from './finding-line.js'

const [key, number] = ['11'.repeat(32), '0000000000000007']
const letters = (count: number): string => '61'.repeat(count)
const v4Relay = (family: string): string => `${family}c0a800018235${key}`
const sanction = (type: string): string => `${type}${key}${number}${key}${'44'.repeat(64)}`
const info = (nameLength: string, status: string): string => `f5${number}${nameLength}${'00'.repeat(128)}${status}`
/** Version and most members of a group, the lengths of its name and its password. */
const state = (version: string, members: string, name: string, password: string): string =>
  [
    ...[`fb${number}${'44'.repeat(64)}`, version, key, key, members, name, '61'.repeat(48), '00'],
    ...[password, '00'.repeat(32), key, '00000000', '00'],
  ].join('')
const credentials = `00000001${key}0002${key}${'44'.repeat(64)}`

type Case = readonly [title: string, type: string, hex: string]

/** Packets from boxes, at both sides of each bound and of what receivers ignore. */
const cases: readonly Case[] = [
  ['a message', 'message', '4061'],
  ['a message without text', 'message', '40'],
  ['a message of 1372 bytes', 'message', `40${letters(1372)}`],
  ['a message of 1373 bytes', 'message', `40${letters(1373)}`],
  ['a message that is not UTF-8', 'message', '4061c3'],
  ['an action without text', 'action', '41'],
  ['a text to a conference without text', 'conference_text', '40'],
  ['an action in a conference without text', 'conference_action', '41'],
  ['a title without text', 'conference_title', '0a'],
  ['a new title without text', 'conference_change_title', '31'],
  ['a friend request without text', 'friend_requests', '1201020304'],
  ['a name without text', 'nickname', '30'],
  ['a name of 128 bytes', 'nickname', `30${letters(128)}`],
  ['a name of 129 bytes', 'nickname', `30${letters(129)}`],
  ['a title of 128 bytes', 'conference_title', `0a${letters(128)}`],
  ['a title of 129 bytes', 'conference_title', `0a${letters(129)}`],
  ['a title of 255 bytes', 'conference_title', `0a${letters(255)}`],
  ['a title of 256 bytes', 'conference_title', `0a${letters(256)}`],
  ['a title of 257 bytes', 'conference_title', `0a${letters(257)}`],
  ['a new title of 384 bytes', 'conference_change_title', `31${letters(384)}`],
  ['a new title of 385 bytes', 'conference_change_title', `31${letters(385)}`],
  ['a name in a conference of 260 bytes', 'conference_change_name', `30${letters(260)}`],
  ['a status that has no meaning', 'user_status', '3203'],
  ['a status with a byte more', 'user_status', '320200'],
  ['a sign that somebody writes, of value 2', 'typing', '3302'],
  ['an invitation to a conference of type 2', 'conference_invite', `00000102${key}`],
  ['an answer to an invitation of type 2', 'conference_invite_response', `010001000202${key}`],
  ['a sign of life with bytes', 'alive', '10000000'],
  ['a sign that a session ends with a byte', 'crypto_kill', '0200'],
  ['a sign that somebody is online with a byte', 'online', '1800'],
  ['a ping in a conference with a byte', 'conference_ping', '0000'],
  ['a query with a byte', 'conference_query', '0800'],
  ['a member that leaves with a byte', 'conference_peer_leave', '0100'],
  ['a control of a file with a byte more', 'file_control', '5100010000'],
  ['a control of a file that seeks', 'file_control', `51000103${number}`],
  ['a control of a file that seeks, with a byte more', 'file_control', `51000103${number}00`],
  ['a control of a file that seeks, and lacks a byte', 'file_control', `51000103${number.slice(2)}`],
  ['a control of a file of somebody else', 'file_control', '51020100'],
  ['a control of a file that has no meaning', 'file_control', '51000104'],
  ['relays of families that are for UDP', 'share_relays', `1102c0a800018235${key}`],
  ['relays of an unknown family', 'share_relays', `1103${'00'.repeat(18)}${key}`],
  ['relays of which the second has an unknown family', 'share_relays', `11${v4Relay('82')}03${'00'.repeat(18)}${key}`],
  ['a ping in a group with an address of an unknown family', 'group_ping', `01${'00'.repeat(20)}03${'00'.repeat(18)}`],
  ['relays that end in the middle of one', 'share_relays', `1182c0a800018235${key.slice(2)}`],
  ['relays, and one that ends inside its address', 'share_relays', `11${v4Relay('82')}82c0a8`],
  ['relays, and one that ends inside its key', 'share_relays', `11${v4Relay('82')}82c0a80001823511`],
  ['relays, and a byte of no family', 'share_relays', `11${v4Relay('82')}00`],
  ['three relays and a byte', 'share_relays', `11${v4Relay('82').repeat(3)}82`],
  ['four relays', 'share_relays', `11${v4Relay('82').repeat(4)}`],
  ['four relays, the last of which is for UDP', 'share_relays', `11${v4Relay('82').repeat(3)}${v4Relay('02')}`],
  [
    'relays of a group member, and one that ends inside its key',
    'group_tcp_relays',
    `f1${number}${v4Relay('82')}82c0a80001823511`,
  ],
  [
    'relays of a group member, and one that ends inside its address',
    'group_tcp_relays',
    `f1${number}${v4Relay('82')}82c0`,
  ],
  ['a request to come back to a conference with a byte more', 'conference_rejoin', `6400${key}00`],
  ['members of a conference, and a byte more', 'conference_query_response', `090001${key}${key}016100`],
  ['a call', 'msi', '4501010003013c00'],
  ['a call without end', 'msi', '4501010003013c'],
  ['a call with bytes after its end', 'msi', '450101000001020300'],
  ['a call with bytes after its end that do not end with zero', 'msi', '4501010000010203'],
  ['a call with an item of kind 4', 'msi', '4504010000'],
  ['a call with a second item of two bytes', 'msi', '4501010002020000'],
  ['a call with request 3, as tox-rs sends it', 'msi', '4501010300'],
  ['a call with request 4', 'msi', '4501010400'],
  ['a call with error 7', 'msi', '4502010700'],
  ['a call with error 8', 'msi', '4502010800'],
  ['a call with capabilities 255', 'msi', '450301ff00'],
  ['a call with an unknown item, and bytes after its end', 'msi', '450401000000'],
  ['a call of 255 bytes after its id', 'msi', `45${'010100'.repeat(83)}03013c000000`],
  ['a call of 256 bytes after its id', 'msi', `45${'010100'.repeat(84)}03013c00`],
  ['a call without items', 'msi', '4500'],
  ['a group message', 'group_message', '02000000016869'],
  ['a group status with a byte more', 'group_status', '000100'],
  ['a lossy group packet with a byte more', 'group_ack', `0200${number}00`],
  ['a lossless group packet with a byte more', 'group_handshake_ack', `ff${number}00`],
  ['where somebody who invites can be reached, and a byte', 'group_invite_confirmation', `02${key}${key}82`],
  ['a confirmation of an invitation with a byte more', 'group_invite_accepted', `01${key}${key}00`],
  ['a lossless group packet without its number', 'group_handshake_ack', 'ff000000'],
  ['a sanction that is neither given nor taken', 'group_set_observer', `0802${key}${key}${credentials}`],
  ['a sanction of an unknown kind', 'group_set_observer', `0801${key}${key}${sanction('01')}${credentials}`],
  ['a list whose sanctions are known', 'group_sanctions_list', `fd${number}0001${sanction('00')}${credentials}`],
  [
    'a list whose second sanction is of an unknown kind',
    'group_sanctions_list',
    `fd${number}0002${sanction('00')}${sanction('02')}${credentials}`,
  ],
  ['another member', 'group_sync_response', `f9${number}${key}0001${v4Relay('82')}`],
  ['another member with two relays', 'group_sync_response', `f9${number}${key}0002${v4Relay('82')}${v4Relay('82')}`],
  ['another member with a relay of an unknown family', 'group_sync_response', `f9${number}${key}0001${v4Relay('03')}`],
  ['another member, and a byte more', 'group_sync_response', `f9${number}${key}0001${v4Relay('82')}00`],
  [
    'another member with a longer address of an unknown family',
    'group_sync_response',
    `f9${number}${key}000103${'00'.repeat(18)}${key}`,
  ],
  ['a member with a name', 'group_peer_info_response', info('0001', '02')],
  ['a member without a name', 'group_peer_info_response', info('0000', '00')],
  ['a member of an unknown status', 'group_peer_info_response', info('0001', '03')],
  ['the state of a group', 'group_shared_state', state('00000001', '0001', '0001', '0020')],
  ['the state of a group, version 0', 'group_shared_state', state('00000000', '0001', '0001', '0000')],
  ['the state of a group for nobody', 'group_shared_state', state('00000001', '0000', '0001', '0000')],
  ['the state of a group without a name', 'group_shared_state', state('00000001', '0001', '0000', '0000')],
  ['the state of a group, password too long', 'group_shared_state', state('00000001', '0001', '0001', '0021')],
  ['a key rotation that is neither', 'group_key_rotation', `f0${number}02${key}`],
  ['a refusal of an unknown kind', 'group_invite_reject', '0303'],
  ['a conference member of 129 letters', 'conference_query_response', `090001${key}${key}81${letters(129)}`],
  ['a broadcast of an unknown kind', 'group_broadcast', `f3${number}77`],
  ['a broadcast without payload', 'group_broadcast', `f3${number}`],
  ['a broadcast of a status that has no meaning', 'group_broadcast', `f3${number}0003`],
  ['a message in a conference of an unknown kind', 'conference_message', '630001000200000003770000'],
  [
    'a message in a conference that carries a name of 129 bytes',
    'conference_message',
    `63000100020000000330${letters(129)}`,
  ],
  ['an invitation of an unknown kind', 'conference_invitation', '6077'],
  ['a plaintext of a session without a packet', 'crypto_data_plaintext', '00000001000000020000'],
  ['a plaintext of a session with 7 bytes of padding', 'crypto_data_plaintext', `0000000100000002${'00'.repeat(7)}10`],
  ['a plaintext of a session with 8 bytes of padding', 'crypto_data_plaintext', `0000000100000002${'00'.repeat(8)}10`],
  ['a plaintext of a session that carries an unknown packet', 'crypto_data_plaintext', '000000010000000200ff'],
  ['a plaintext of a session that carries a status', 'crypto_data_plaintext', '0000000100000002003203'],
  [
    'the plaintext of a group handshake with a byte more',
    'gc_handshake_plaintext',
    `01${key}${key}000102c0a800018235${key}00`,
  ],
  ['the destination of an onion layer in an unknown family', 'onion_layer_plaintext', `03${'00'.repeat(18)}83`],
  ['the destination of an onion layer with padding', 'onion_layer_plaintext', `027f000001${'01'.repeat(12)}1f9084`],
  ['a search for data that lacks a byte', 'data_search_request_plaintext', `${key}${number.slice(2)}`],
  ['a search for data with a byte more', 'data_search_request_plaintext', `${key}${number}00`],
  ['an answer with 5 nodes', 'onion_announce_response_plaintext', `00${key}${`02c0a800018235${key}`.repeat(5)}`],
  ['an answer with a node at a TCP address', 'onion_announce_response_plaintext', `00${key}${v4Relay('82')}`],
  [
    'an answer with a node and one at a TCP address',
    'onion_announce_response_plaintext',
    `00${key}${v4Relay('02')}${v4Relay('82')}`,
  ],
  [
    'an answer with a node, and one that ends inside its address',
    'onion_announce_response_plaintext',
    `00${key}${v4Relay('02')}02c0`,
  ],
  [
    'an answer with a node, and one that ends inside its key',
    'onion_announce_response_plaintext',
    `00${key}${v4Relay('02')}02c0a80001823511`,
  ],
  ['a DHT key with 5 nodes', 'dht_pk_announce', `9c${number}${key}${v4Relay('82').repeat(5)}`],
  ['a DHT key with 4 nodes and a byte', 'dht_pk_announce', `9c${number}${key}${v4Relay('82').repeat(4)}82`],
  ['a DHT key with a node that ends inside its key', 'dht_pk_announce', `9c${number}${key}82c0a80001823511`],
  [
    'the request of a group handshake with a node that ends inside its key',
    'gc_handshake_plaintext',
    `00${key}${key}000082c0a80001823511`,
  ],
  [
    'the response of a group handshake with a node that ends inside its key',
    'gc_handshake_plaintext',
    `01${key}${key}000082c0a80001823511`,
  ],
  ['an announcement of no group', 'onion_new_announce_request_plaintext', `${key}${key}${key}${number}`],
  ['an answer with the status 3', 'onion_announce_response_plaintext', `03${key}`],
  ['what one client sends another, of an unknown kind', 'onion_data_plaintext', '77'],
]

const windowOn = (type: string, hex: string, before = 0): Window => {
  const bytes = Uint8Array.of(...new Uint8Array(before), ...fromHex(hex))
  return new Window(typeNamed(type)!, bytes, before, bytes.length, noShift)
}

test('what is wrong with a packet from a box, and where', async () => {
  const lines = cases.flatMap(([title, type, hex]) => [
    title,
    ...checkOpened(windowOn(type, hex)).map(found => `  ${findingLine(found)}`),
  ])
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/findings/inner.txt')
})

test('places are counted from where the packet is in the one around it, wherever its bytes are', () => {
  for (const [title, type, hex] of cases) {
    const found = checkOpened(windowOn(type, hex))
    const moved = checkOpened(windowOn(type, hex, 3), 100)
    expect(
      moved.map(({range}) => range),
      title,
    ).toEqual(found.map(({range}) => range?.map(at => at + 100)))
    expect(moved.map(messageOf), title).toEqual(found.map(messageOf))
  }
})

test('a plaintext has the same findings where its box was opened and alone', () => {
  const plaintexts = cases.filter(([, type]) => type.endsWith('_plaintext'))
  expect(plaintexts.length).toBeGreaterThan(10)
  for (const [title, type, hex] of plaintexts) {
    const plain = typeNamed(type.replace('_plaintext', ''))!.plain!
    const bytes = fromHex(hex)
    const found = checkOpened(new Window(plain, bytes, 0, bytes.length, noShift))
    expect(found, title).toEqual(checkOpened(windowOn(type, hex)))
  }
})

test('a relay sees no packet of an inner layer', () => {
  expect((['packet', 'payload', 'onion_response', 'handshake', 'address'] as const).map(isInnerLayer)).not.toContain(
    true,
  )
  expect(
    (['onion_request', 'onion_layer', 'crypto_data', 'group_lossy', 'plaintext'] as const).map(isInnerLayer),
  ).not.toContain(false)
})

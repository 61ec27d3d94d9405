import {describe, expect, it} from 'vitest'
import {typeNamed, types} from '../../src/protocol/table.js'
import {bareKey} from '../../src/protocol/text.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {noShift, summaryOf, Window} from '../../src/wire/window.js'
import {typeNameOf, vectors} from '../view/vectors.js'

/** The summary of a packet of that type. */
function summary(name: string, hex: string): string | undefined {
  const bytes = fromHex(hex)
  return summaryOf(new Window(typeNamed(name)!, bytes, 0, bytes.length, noShift), bareKey)
}

/** Most summaries of one type in the golden: two show what varies. */
const most = 2

const [ones, twos] = ['11'.repeat(32), '22'.repeat(32)]
const number = '0000000000000007'
const ipv4 = '02c0a800018235'

const examples: readonly (readonly [type: string, hex: string, summary: string])[] = [
  ['oob_send', `06${'12'.repeat(2)}${'00'.repeat(28)}${'ab'.repeat(2)}00`, 'to 1212…abab'],
  ['forward_request', `0a0a${'20010db8'.padEnd(32, '0')}823500`, 'to [2001:db8::]:33333'],
  ['node', `${ipv4}${'12'.repeat(30)}abab`, '1212…abab at 192.168.0.1:33333'],
  ['crypto_data', `1b0a0b${'00'.repeat(30)}`, 'nonce …0a0b'],
  ['crypto_request', '01', 'nothing missing'],
  ['crypto_request', '010500ff', 'missing: 2'],
  ['user_status', '3202', 'busy'],
  ['user_status', '3203', '3'],
  ['typing', '33ff', 'yes'],
  ['file_send_request', `500100000000${'ff'.repeat(8)}${ones}61`, '#1 "a", a stream'],
  ['file_send_request', `500100000000${'ff'.repeat(7)}fe${ones}61`, '#1 "a", 18446744073709551614 bytes'],
  ['file_control', '51000201', 'pause #2 of the sender'],
  ['file_control', '51010202', 'kill #2 of the receiver'],
  ['file_control', '51020204', '4 #2 of the sender'],
  ['file_control', `51010203${number}`, 'seek #2 of the receiver, byte 7'],
  ['msi', '4500', ''],
  ['msi', '4501010000', 'init'],
  ['msi', '4501010100', 'push'],
  ['msi', '4501010200', 'pop'],
  ['msi', '4501010300', 'request 3'],
  ['msi', '4501010001010200', 'pop'],
  ['msi', '4502010000', 'error 0 (none)'],
  ['msi', '4502010700', 'error 7 (undisclosed)'],
  ['msi', '4502010800', 'error 8'],
  ['msi', '4503010000', 'sends and receives nothing'],
  ['msi', '4503010400', 'sends audio'],
  ['msi', '4503010800', 'sends video'],
  ['msi', '4503011000', 'receives audio'],
  ['msi', '4503012000', 'receives video'],
  ['msi', '4503013400', 'sends audio, receives audio and video'],
  ['msi', '4501010203010402010300', 'pop, error 3 (invalid state), sends audio'],
  ['group_status', '0002', '2'],
  ['group_ack', `0201${number}`, 'send again 7'],
  ['group_invite_reject', '0300', 'group full'],
  ['group_invite_reject', '0302', 'invite failed'],
  ['group_invite_reject', '0303', '3'],
  ['group_key_rotation', `f0${number}01${ones}`, '7, response'],
  ['group_kick_peer', `06${ones}`, '1111…1111'],
  ['group_set_observer', `0800${ones}${twos}00000001${ones}0002${ones}${'44'.repeat(64)}`, '1111…1111'],
  ['group_mod_list', `fc${number}0000`, '0'],
  ['gc_handshake', `5a${ones}${twos}${'33'.repeat(200)}`, 'from 1111…1111 to 2222…2222'],
  ['conference_lossy', 'c7000100020003c1', 'peer 2 in 1, kind 193'],
  ['onion_announce_request_plaintext', `${ones}${twos}${'00'.repeat(40)}`, 'searches for 2222…2222'],
  ['onion_announce_request_plaintext', `${ones}${twos}${'00'.repeat(31)}01${number}`, 'announces 2222…2222'],
  ['onion_new_announce_request_plaintext', `${ones}${twos}${'00'.repeat(40)}`, 'searches for 2222…2222'],
  [
    'onion_new_announce_request_plaintext',
    `${ones}${twos}${ones}${number}${'33'.repeat(32)}${'44'.repeat(32)}0100${ipv4}`,
    'announces 4444…4444 in 3333…3333',
  ],
  ['onion_announce_response_plaintext', `03${ones}`, 'status 3, 0 nodes'],
  ['onion_announce_response_plaintext', `01${ones}${ipv4}${twos}`, 'found, 1 node'],
  [
    'onion_new_announce_response_plaintext',
    `02${ones}00${twos}0100${ipv4}${'33'.repeat(32)}0100${ipv4}`,
    'stored, 0 nodes, member 2222…2222, member 3333…3333',
  ],
]

describe('the summary of a packet', () => {
  it('says in a few words what its fields say, for each type', async () => {
    const lines = types.flatMap(({name}) => {
      const all = vectors.filter(vector => typeNameOf(vector) === name).map(({hex}) => summary(name, hex))
      return [...new Set(all)].slice(0, most).map(text => `${name.padEnd(40)} ${JSON.stringify(text)}`)
    })
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/protocol/summaries.txt')
  })

  it.each(examples)('of %s %s is "%s"', (type, hex, text) => {
    expect(summary(type, hex)).toBe(text)
  })
})

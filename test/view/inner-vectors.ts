import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {fixture} from './records.js'

interface InnerVector {
  readonly type: string
  readonly hex: string
}

const [key, nonce, id] = ['11'.repeat(32), '22'.repeat(24), '33'.repeat(8)]
const node4 = `82c0a800018235${key}`
const node6 = `8a${'20010db8'.padEnd(32, '0')}8235${key}`
const padded4 = `02c0a80001${'00'.repeat(12)}8235`
const announce = `${key}010102c0a800018235${node6}`
const signature = '44'.repeat(64)
const number = '0000000000000007'
const password = `0006${Buffer.from('secret').toString('hex').padEnd(64, '0')}`
const credentials = `00000001${key}0002${key}${signature}`
const rtp = `80c000010000000200000003${'00'.repeat(8)}0000000000000005${'00'.repeat(48)}00000005`

/** What travels in boxes and does not occur in the recordings of real clients. */
const madeByHand: readonly InnerVector[] = [
  {type: 'share_relays', hex: `11${node4}${node6}`},
  {type: 'friend_requests', hex: '120102030468656c6c6f'},
  {type: 'offline', hex: '19'},
  {type: 'msi', hex: '4501010003013c00'},
  {type: 'group_invitation', hex: `5ffe00${key}${key}67726f7570`},
  {type: 'group_invite', hex: `00${key}${key}67726f7570`},
  {type: 'group_invite_accepted', hex: `01${key}${key}`},
  {type: 'group_invite_confirmation', hex: `02${key}${key}${node4}`},
  {type: 'conference_peer_online', hex: `61000100${key}`},
  {type: 'conference_invite_member', hex: `020001000200${key}0003`},
  {type: 'conference_peer_leave', hex: '01'},
  {type: 'conference_rejoin', hex: `6400${key}`},
  {type: 'conference_freeze_peer', hex: '120001'},
  {type: 'conference_change_title', hex: '317469746c65'},
  {type: 'conference_action', hex: '41776176657320d094'},
  {type: 'conference_lossy', hex: 'c7000100020003c00102'},
  {type: 'audio_frame', hex: `c0${rtp}0102030405`},
  {type: 'video_frame', hex: `c1${rtp}0102030405`},
  {type: 'bandwidth', hex: 'c40000000100000002'},
  {type: 'forward_chain', hex: `90${key}90${key}93${key}${nonce}${'44'.repeat(56)}`},
  {type: 'data_search_request', hex: `93${key}${nonce}${'44'.repeat(56)}`},
  {type: 'data_search_response', hex: `94${key}${nonce}${'44'.repeat(56)}`},
  {type: 'data_retrieve_request', hex: `95${key}${nonce}${'44'.repeat(89)}`},
  {type: 'data_retrieve_response', hex: `96${key}${nonce}${'44'.repeat(60)}`},
  {type: 'store_announce_request', hex: `97${key}${nonce}${'44'.repeat(133)}`},
  {type: 'store_announce_response', hex: `98${key}${nonce}${'44'.repeat(68)}`},
  {type: 'announcement', hex: '44'.repeat(60)},
  {type: 'data_search_request_plaintext', hex: `${key}${id}`},
  {type: 'data_search_request_plaintext', hex: `${key}${'55'.repeat(32)}${id}`},
  {
    type: 'data_search_response_plaintext',
    hex: `${key}01${'55'.repeat(32)}${'66'.repeat(32)}0102${node4}${node6}${id}`,
  },
  {type: 'data_search_response_plaintext', hex: `${key}00${'66'.repeat(32)}0100${id}`},
  {type: 'data_search_response_plaintext', hex: `${key}${id}`},
  {type: 'data_retrieve_request_plaintext', hex: `${key}00${'66'.repeat(32)}${id}`},
  {type: 'data_retrieve_response_plaintext', hex: `${key}0168656c6c6f${id}`},
  {type: 'store_announce_request_plaintext', hex: `${key}${nonce}${'44'.repeat(58)}${id}`},
  {type: 'store_announce_response_plaintext', hex: `${key}00000384${number}${id}`},
  {type: 'announcement_plaintext', hex: `${'66'.repeat(32)}0000038400${'68656c6c6f'}`},
  {type: 'onion_request_plaintext', hex: `${padded4}${key}${'44'.repeat(36)}`},
  {type: 'onion_layer_plaintext', hex: `${padded4}83${nonce}${key}${'44'.repeat(120)}`},
  {type: 'onion_new_announce_request_plaintext', hex: `${key}${key}${key}${id}${key}${announce}`},
  {type: 'onion_new_announce_response_plaintext', hex: `02${key}01${node4}${announce}`},
  {type: 'gc_handshake_plaintext', hex: `01${key}${key}0001${node4}`},
  {type: 'gc_lossy_plaintext', hex: `000001${'00'.repeat(20)}`},
  {type: 'gc_lossless_plaintext', hex: `0000f4${number}`},
  {type: 'group_ping', hex: `010001000200000003000000040005000000060007${'02c0a800018235'}`},
  {type: 'group_ack', hex: `0200${number}`},
  {type: 'group_invite_reject', hex: '0301'},
  {type: 'group_custom_private_lossy', hex: 'ee0102'},
  {type: 'group_custom_lossy', hex: 'f20102'},
  {type: 'group_custom_private', hex: `ee${number}01`},
  {type: 'group_fragment', hex: `ef${number}01`},
  {type: 'group_key_rotation', hex: `f0${number}00${key}`},
  {type: 'group_tcp_relays', hex: `f1${number}${node4}${node6}`},
  {type: 'group_custom', hex: `f2${number}01`},
  {type: 'group_broadcast', hex: `f3${number}02000000016869`},
  {type: 'group_peer_info_request', hex: `f4${number}`},
  {type: 'group_peer_info_response', hex: `f5${number}0001${'61'.repeat(128)}00`},
  {type: 'group_peer_info_response', hex: `f5${number}${password}0003${'416e6e'.padEnd(256, '0')}01`},
  {type: 'group_invite_request', hex: `f6${number}`},
  {type: 'group_invite_request', hex: `f6${number}${password}`},
  {type: 'group_invite_response', hex: `f7${number}`},
  {type: 'group_sync_request', hex: `f8${number}0007`},
  {type: 'group_sync_request', hex: `f8${number}0007${password}`},
  {type: 'group_sync_response', hex: `f9${number}${announce}`},
  {type: 'group_topic', hex: `fa${number}${signature}0000000100020003e282ac${key}`},
  {
    type: 'group_shared_state',
    hex: `fb${number}${signature}00000001${key}${key}0064${'0002'}${'00'.repeat(48)}00${'0000'}${key}${key}0000000001`,
  },
  {type: 'group_mod_list', hex: `fc${number}0002${key}${key}`},
  {
    type: 'group_sanctions_list',
    hex: `fd${number}000100${key}${number}${key}${signature}${credentials}`,
  },
  {type: 'group_friend_invite', hex: `fe${number}`},
  {type: 'group_handshake_ack', hex: `ff${number}`},
  {type: 'group_status', hex: '0001'},
  {type: 'group_nick', hex: '016269'},
  {type: 'group_message', hex: '02000000016869'},
  {type: 'group_action', hex: '03000000016869'},
  {type: 'group_private_message', hex: '0400000000016869'},
  {type: 'group_peer_exit', hex: '05627965'},
  {type: 'group_kick_peer', hex: `06${key}`},
  {type: 'group_set_mod', hex: `0701${key}`},
  {type: 'group_set_observer', hex: `0801${key}${key}00${key}${number}${key}${signature}${credentials}`},
  {type: 'group_set_observer', hex: `0800${key}${key}${credentials}`},
  {type: 'client_handshake_plaintext', hex: `${key}${nonce}`},
  {type: 'relay_handshake_plaintext', hex: `${key}${nonce}`},
]

/** Packets that travel in boxes, opened: of real clients where they occur, by type name. */
export const innerVectors: readonly InnerVector[] = gunzipSync(readFileSync(fixture('vectors/inner.jsonl.gz')))
  .toString()
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as InnerVector)
  .concat(madeByHand)

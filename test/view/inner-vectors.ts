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
const rtp = `80c000010000000200000003${'00'.repeat(8)}0000000000000005${'00'.repeat(48)}00000005`

/** What travels in boxes and does not occur in the recordings of real clients. */
const madeByHand: readonly InnerVector[] = [
  {type: 'share_relays', hex: `11${node4}${node6}`},
  {type: 'friend_requests', hex: '120102030468656c6c6f'},
  {type: 'offline', hex: '19'},
  {type: 'msi', hex: '4501010003013c00'},
  {type: 'group_invitation', hex: `5f00${key}${key}67726f7570`},
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
  {type: 'onion_request_plaintext', hex: `${padded4}${key}${'44'.repeat(36)}`},
  {type: 'onion_layer_plaintext', hex: `${padded4}83${nonce}${key}${'44'.repeat(120)}`},
  {type: 'onion_new_announce_request_plaintext', hex: `${key}${key}${key}${id}${key}`},
  {type: 'onion_new_announce_response_plaintext', hex: `02${key}01${node4}`},
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

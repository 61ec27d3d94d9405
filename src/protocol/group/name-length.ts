import {textOf} from '../../wire/text/utf8.js'
import {limits} from '../limits.js'

/** Length of the name, the name filled up with zero bytes, the status. c-toxcore PACKED_GC_PEER_SIZE. */
const plainBytes = 2 + limits.nickname + 1

/** Before them in a group with a password: its length and the password. */
const passwordBytes = 2 + 32

/** What a member says of itself. */
export interface GroupPeerInfo {
  readonly nickname: string
  readonly status: number
}

/**
 * Name and status in the data of a GroupPeerInfoResponse. Whether the group has a password follows from the length.
 * @returns undefined for other lengths. c-toxcore group_chats.c handle_gc_peer_info_response, unpack_gc_peer.
 */
export function groupPeerInfo(data: Uint8Array): GroupPeerInfo | undefined {
  const start = data.length - plainBytes
  if (start !== 0 && start !== passwordBytes) return undefined
  const length = Math.min(limits.nickname, (data[start]! << 8) | data[start + 1]!)
  return {nickname: textOf(data, start + 2, start + 2 + length), status: data.at(-1)!}
}

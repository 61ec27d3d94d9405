import {copyOf} from '../wire/bytes.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {textOf} from '../wire/text/utf8.js'
import type {Box} from './box.js'
import type {FriendKeyItem, SecretKeyItem} from './key-item.js'
import * as limits from './limits.js'
import {type Msgpack, readMsgpack} from './msgpack.js'

/** First 8 bytes of a save: 4 zeros and a magic number, little endian. c-toxcore STATE_COOKIE_GLOBAL. */
const saveMagic = [0, 0, 0, 0, 0x1f, 0x1b, 0xed, 0x15]
/** First 8 bytes of an encrypted save: "toxEsave". */
const sealedMagic = [0x74, 0x6f, 0x78, 0x45, 0x73, 0x61, 0x76, 0x65]
/** Upper half of every section's type. c-toxcore STATE_COOKIE_TYPE. */
const sectionCookie = 0x01ce
const sections = {identity: 1, friends: 3, name: 4, groups: 7, end: 255}
/** Bytes of one friend in section 3, of which the real key follows the status byte. c-toxcore Saved_Friend. */
const friendBytes = 2216
/**
 * Where the name of a friend is, in bytes from the friend's start: after the message of its friend request (1,024), a
 * byte of padding and the message's length (2). The length of the name follows in big endian. c-toxcore Saved_Friend.
 */
const friendName = {start: 1060, length: 1188}
/** Maximum length of a name in bytes. c-toxcore MAX_NAME_LENGTH. */
const nameBytes = 128
/** Magic, 32-byte salt, 24-byte nonce; then MAC and body. */
const sealedHeader = 64

export function isToxSave(bytes: Uint8Array): boolean {
  return saveMagic.every((byte, i) => bytes[i] === byte)
}

export function isSealedToxSave(bytes: Uint8Array): boolean {
  return sealedMagic.every((byte, i) => bytes[i] === byte)
}

export interface ToxSave {
  /**
   * The pair of the Tox identity, then for each group this member's pair, and the group's own pair if it was founded
   * here.
   */
  readonly items: SecretKeyItem[]
  /** Real public keys of the friends, which name the other half of each of their pairs. */
  readonly friends: FriendKeyItem[]
  /** Number of friends that were not read, beyond `saveFriends`. */
  readonly unreadFriends: number
  /** Names by real public key in hex: what friends called themselves last, and this client's own name. */
  readonly names: Map<string, string>
  readonly groups: number
  /** Whether a section or the list of groups is cut off or malformed. */
  readonly damaged: boolean
}

/**
 * Read the secret keys and the names of a `.tox` save. The DHT pair is not among them: toxcore makes a new one at every
 * start and never saves it. Source: c-toxcore state.c, Messenger.c, group_pack.c.
 */
export function readToxSave(bytes: Uint8Array): ToxSave {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const items: SecretKeyItem[] = []
  const friends: FriendKeyItem[] = []
  const names = new Map<string, string>()
  let identity = ''
  let ownName = ''
  let savedFriends = 0
  let groups = 0
  let damaged = true
  for (let at = saveMagic.length; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at, true)
    const type = view.getUint16(at + 4, true)
    const start = at + 8
    if (view.getUint16(at + 6, true) !== sectionCookie || start + length > bytes.length) break
    const data = bytes.subarray(start, start + length)
    at = start + length
    if (type === sections.end) {
      damaged = false
      break
    }
    // Nospam, public key, secret key.
    if (type === sections.identity && length >= 68) {
      items.push(pair(copyOf(data, 4, 36), copyOf(data, 36, 68)))
      identity = toHex(data, 4, 36)
    }
    if (type === sections.friends) {
      savedFriends += Math.floor(data.length / friendBytes)
      friends.push(...readFriends(data, limits.saveFriends - friends.length, names))
    }
    if (type === sections.name && length <= nameBytes) ownName = textOf(data, 0, length)
    if (type === sections.groups) {
      const found = readGroups(data)
      items.push(...found.items)
      groups += found.groups
      if (found.damaged) {
        damaged = true
        break
      }
    }
  }
  if (identity !== '' && ownName !== '') names.set(identity, ownName)
  return {items, friends, unreadFriends: savedFriends - friends.length, names, groups, damaged}
}

function pair(publicKey: Uint8Array, secretKey: Uint8Array): SecretKeyItem {
  return {kind: 'secret_key', publicKey, secretKey}
}

/** @param most friends. @param names receives the name of each friend that has one. */
function readFriends(data: Uint8Array, most: number, names: Map<string, string>): FriendKeyItem[] {
  const count = Math.min(Math.floor(data.length / friendBytes), most)
  return Array.from({length: count}, (_, i) => {
    const at = i * friendBytes
    const publicKey = copyOf(data, at + 1, at + 33)
    const length = data[at + friendName.length]! * 256 + data[at + friendName.length + 1]!
    const start = at + friendName.start
    if (length > 0 && length <= nameBytes) names.set(toHex(publicKey), textOf(data, start, start + length))
    return {kind: 'friend_key', publicKey}
  })
}

function readGroups(data: Uint8Array): Omit<ToxSave, 'friends' | 'unreadFriends' | 'names'> {
  const items: SecretKeyItem[] = []
  const list = readMsgpack(data)
  if (!Array.isArray(list)) return {items, groups: 0, damaged: true}
  let damaged = false
  let groups = 0
  for (const group of list) {
    const pairs = groupPairs(group)
    if (pairs === undefined) damaged = true
    else {
      items.push(...pairs)
      groups++
    }
  }
  return {items, groups, damaged}
}

/**
 * The fifth of a group's seven parts: the group's public and secret key, this member's public and secret key. Each
 * begins with its encryption key (32 bytes); a signature key (32 public, 64 secret) follows. The group's secret key is
 * zero unless it was founded here. c-toxcore group_pack.c.
 */
function groupPairs(group: Msgpack): SecretKeyItem[] | undefined {
  const keys = Array.isArray(group) ? (group as readonly Msgpack[])[4] : undefined
  if (!Array.isArray(keys)) return undefined
  const [chatPublic, chatSecret, selfPublic, selfSecret] = keys as readonly (Msgpack | undefined)[]
  const self = groupPair(selfPublic, selfSecret)
  const chat = groupPair(chatPublic, chatSecret)
  return self && chat && [self, ...(chat.secretKey.some(byte => byte !== 0) ? [chat] : [])]
}

function groupPair(publicKey: Msgpack | undefined, secretKey: Msgpack | undefined): SecretKeyItem | undefined {
  if (
    !(
      publicKey instanceof Uint8Array &&
      publicKey.length === 64 &&
      secretKey instanceof Uint8Array &&
      secretKey.length === 96
    )
  )
    return undefined
  return pair(copyOf(publicKey, 0, 32), copyOf(secretKey, 0, 32))
}

/**
 * Decrypt an encrypted save, in about a tenth of a second: scrypt is meant to be slow.
 * @param bytes from the magic on.
 * @returns undefined if the passphrase is wrong, or the bytes are damaged or cut off; the MAC cannot show which.
 */
export async function openToxSave(bytes: Uint8Array, passphrase: string, box: Box): Promise<Uint8Array | undefined> {
  if (bytes.length < sealedHeader + 16) return undefined
  const salt = bytes.subarray(8, 40)
  const nonce = bytes.subarray(40, sealedHeader)
  // Imported here, so that browsers can load this file and everything that imports it.
  const {createHash, scryptSync} = await import('node:crypto')
  const hashed = createHash('sha256').update(passphrase, 'utf8').digest()
  // crypto_pwhash_scryptsalsa208sha256 with the numbers of c-toxcore's toxencryptsave. They need a little over 32 MiB.
  const key = new Uint8Array(scryptSync(hashed, salt, 32, {N: 2 ** 14, r: 8, p: 2, maxmem: 64 * 1024 * 1024}))
  const plain = new Uint8Array(bytes.length - sealedHeader - 16)
  return box.open({bytes, start: sealedHeader, end: bytes.length}, nonce, key, {bytes: plain, at: 0}) === -1
    ? undefined
    : plain
}

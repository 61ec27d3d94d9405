import type {Box} from '../../crypto/box.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {type Finding, finding, noFindings} from '../../expert/finding.js'
import {levelsOf} from '../../protocol/levels.js'
import {limits as protocolLimits} from '../../protocol/limits.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {u32be} from '../../wire/integers.js'
import {microsPerSecond} from '../../wire/time.js'
import {fieldOf, spans} from '../../wire/window.js'
import type {CookieContents} from '../inferred.js'
import type {SessionRecord} from '../record.js'
import * as limits from './limits.js'

/** Bytes of a cookie's plaintext: a time, a real key, a DHT key. c-toxcore COOKIE_DATA_LENGTH, with its time. */
const contentsBytes = 8 + 2 * protocolLimits.publicKey

/** Names of the packet types that bring a cookie in clear or in their box. */
export const cookieTypes: ReadonlySet<string> = new Set(['cookie_response', 'crypto_handshake'])

/** The finding on a crypto handshake whose box holds the hash of another cookie. */
export function cookieFindings({window, opened}: SessionRecord, box: Box): readonly Finding[] {
  const level = levelsOf(window, opened).find(({window: {type}}) => type.name === 'crypto_handshake')
  const cookie = level && fieldOf(level.window, 'cookie')
  const hash = level?.opened && fieldOf(level.opened, 'cookie_hash')
  if (!window || !level?.opened || !(cookie instanceof Uint8Array && hash instanceof Uint8Array)) return noFindings
  const own = box.sha512(cookie)
  if (own.every((byte, at) => byte === hash[at])) return noFindings
  const [start, end] = spans(level.opened).find(({name}) => name === 'cookie_hash')!.range
  const at = level.opened.shift - window.shift
  return [finding('handshake-cookie-hash', {}, {range: [at + start, at + end]})]
}

/** What is in the cookie of a packet, if one of the keys that were given opens it. */
export function cookieIn({window, opened, time}: SessionRecord, keyring: Keyring): CookieContents | undefined {
  const level = levelsOf(window, opened).find(({window: {type}}) => cookieTypes.has(type.name))
  const cookie = level && (fieldOf(level.window, 'cookie') ?? (level.opened && fieldOf(level.opened, 'cookie')))
  if (!(cookie instanceof Uint8Array) || !keyring.box) return undefined
  const plain = new Uint8Array(contentsBytes)
  const sealed = {bytes: cookie, start: protocolLimits.nonce, end: cookie.length}
  const nonce = cookie.subarray(0, protocolLimits.nonce)
  const opens = (key: Uint8Array) => keyring.box!.open(sealed, nonce, key, {bytes: plain, at: 0}) === contentsBytes
  if (!makersKeys(keyring).some(opens)) return undefined
  const keysAt = 8 + protocolLimits.publicKey
  return {
    ageSeconds: time && ageOf(plain, Math.floor(time.micros / microsPerSecond)),
    realPk: toHex(plain, 8, keysAt),
    dhtPk: toHex(plain, keysAt),
  }
}

/** Keys that may be a cookie's: its maker keeps it to itself, so it is not the key of a pair of public keys. */
function makersKeys(keyring: Keyring): readonly Uint8Array[] {
  const keys = keyring
    .namelessKeys()
    .slice(0, limits.cookieKeys)
    .map(({sharedKey}) => sharedKey)
  for (const key of keyring.sharedKeys()) {
    if (keys.length >= limits.cookieKeys) break
    keys.push(key)
  }
  return keys
}

/** Longest age that is believed. tox-rs writes big-endian seconds since 1970, c-toxcore its time in host order. */
const believedSeconds = 86_400

/** @param now seconds since 1970. */
function ageOf(plain: Uint8Array, now: number): number | null {
  const little = Uint8Array.from(plain.subarray(0, 8)).reverse()
  const ages = [plain, little].map(bytes => now - (u32be(bytes, 0) * 2 ** 32 + u32be(bytes, 4)))
  return ages.find(age => age >= -1 && age <= believedSeconds) ?? null
}

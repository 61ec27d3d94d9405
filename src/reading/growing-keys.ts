import type {Keyring} from '../crypto/keyring/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {KeyLogFollower} from '../files/keys/key-log-follower.js'
import {type KeyOptions, keyLogsOf} from '../files/keys/load-keys.js'
import type {CaptureSource} from './capture-source.js'

/**
 * What looks at the key logs again while a capture is still being written.
 * @returns undefined without a key log, or if no file grows.
 */
export function growingKeys(
  keys: KeyOptions,
  sources: readonly CaptureSource[],
  keyring: Keyring,
): (() => Promise<void>) | undefined {
  const isLive = sources.some(({isLive}) => isLive)
  const logs = keyLogsOf(keys).filter(log => typeof log === 'string')
  if (!isLive || logs.length === 0) return undefined
  const follower = new KeyLogFollower(logs, keyring)
  return async () => {
    follower.look()
    if (keyring.size > 0) keyring.box ??= await loadSodium()
  }
}

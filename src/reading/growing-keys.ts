import {setTimeout} from 'node:timers/promises'
import type {Keyring} from '../crypto/keyring/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {KeyLogFollower} from '../files/keys/key-log-follower.js'
import {type KeyOptions, keyLogsOf} from '../files/keys/load-keys.js'
import {keyLogLagMilliseconds} from '../files/limits.js'
import type {CaptureRunOptions} from './capture-run.js'
import type {CaptureSource} from './capture-source.js'

/**
 * What looks at the key logs again while a capture is still being written. Where packets are being captured, their
 * receivers are given the time to log what they contain.
 * @returns undefined without a key log, or if no file grows.
 */
export function growingKeys(
  keys: KeyOptions,
  sources: readonly CaptureSource[],
  keyring: Keyring,
): CaptureRunOptions['before'] {
  const isLive = sources.some(({isLive}) => isLive)
  const logs = keyLogsOf(keys).filter(log => typeof log === 'string')
  if (!isLive || logs.length === 0) return undefined
  const follower = new KeyLogFollower(logs, keyring)
  return async isCurrent => {
    if (isCurrent) await setTimeout(keyLogLagMilliseconds)
    follower.look()
    if (keyring.size > 0) keyring.box ??= await loadSodium()
  }
}

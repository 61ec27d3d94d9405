import {passphraseVariable} from '../crypto/key-files.js'
import type {KeyFileInput, KeyOptions} from '../files/keys/load-keys.js'
import type {OptionNames} from '../wire/text/option-names.js'
import {listOf, type OneOrMore} from './one-or-more.js'

/** The keys to open sealed bytes with. */
export interface KeyInputs {
  /** Key logs: paths, or their contents as bytes. Without a key in it is fine. */
  readonly keylog?: OneOrMore<KeyFileInput> | undefined
  /** Key files of any kind: paths, or their contents as bytes. */
  readonly keys?: OneOrMore<KeyFileInput> | undefined
  /** Secret keys, 64 hex digits each. */
  readonly secretKeys?: OneOrMore<string> | undefined
  /** Public keys of relays, 64 hex digits each. */
  readonly relayKeys?: OneOrMore<string> | undefined
  /** The passphrase of an encrypted .tox save among the key files. */
  readonly passphrase?: string | undefined
}

export const keyInputNames: OptionNames<KeyInputs> = {
  keylog: true,
  keys: true,
  secretKeys: true,
  relayKeys: true,
  passphrase: true,
}

/** The same as what commands call them. The environment is not read. */
export const keyOptionsOf = ({keylog, keys, secretKeys, relayKeys, passphrase}: KeyInputs): KeyOptions => ({
  key: listOf(keys),
  keylog: listOf(keylog),
  secretKey: listOf(secretKeys),
  relayPk: listOf(relayKeys),
  env: {[passphraseVariable]: passphrase},
})

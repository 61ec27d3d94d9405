import type {RelayProbe} from '../../../probe/relay-probe.js'
import {keyText} from '../../../view/stats/quantities.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'

/** Whether the relay opened a box for the key that was given, so that this is its public key. */
export const isKeyProved = ({stages}: Pick<RelayProbe, 'stages'>): boolean =>
  stages.some(({stage, outcome}) => stage === 'boxes' && outcome === 'ok')

/**
 * The key of a relay in hex. As long as the relay has not proved that the key is its own, only the first and last
 * bytes: somebody may have typed a secret key in its place, and what a probe prints ends up in logs.
 */
export function relayKeyText({publicKey}: RelayProbe['relay'], isProved: boolean): string {
  const hex = toHex(publicKey)
  return isProved ? hex : keyText(hex)
}

import {sharedKeyOfZeroPoint} from '../../src/crypto/low-order.js'
import {sealClientHandshake, sealRelayHandshake} from '../../src/peer/handshake.js'
import {ping, pong} from '../../src/probe/cases/packets.js'
import {keysOf} from './keys.js'
import {type Play, play} from './play.js'

const keys = keysOf(1)
const zero = new Uint8Array(32)
/** What c-toxcore, and what tox-rs, makes of a key of low order. */
const shared = {zero, hashed: sharedKeyOfZeroPoint()}

/** A client whose key, and whose session key, are all zero; everything is sealed as one implementation would. */
export function zeroPlay(made: keyof typeof shared): Play {
  const dialogue = play(keys, {greets: false})
  const {clientBase, clientNonce, relay, relayBase, relayNonce} = keys.session(0)
  const key = shared[made]
  return dialogue
    .clientWire(sealClientHandshake(keys.box, zero, {sessionKey: zero, baseNonce: clientBase}, clientNonce, key))
    .relayWire(sealRelayHandshake(keys.box, {sessionKey: relay.publicKey, baseNonce: relayBase}, relayNonce, key))
    .clientWire(dialogue.sealed('client', ping(1), key))
    .relayWire(dialogue.sealed('relay', pong(1), key))
    .clientWire(dialogue.sealed('client', ping(2), key))
}

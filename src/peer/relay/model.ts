import type {Box} from '../../crypto/box.js'
import type {Effect, Receiver} from '../../expert/rule.js'
import {type RuleCode, ruleTable} from '../../expert/rules.js'
import type {RelayModel} from './models.js'

/** Effects, from the one that matters most. */
const order: readonly Effect[] = ['closes', 'closes_peer', 'discards', 'accepts']

/** The effect of several broken rules, with the rule that has it. */
export interface Reaction {
  readonly effect: Effect
  readonly code: RuleCode | undefined
}

const accepts: Reaction = {effect: 'accepts', code: undefined}

/** What one implementation's relay does, read from the rule table. */
export class ModelReactions {
  readonly #receiver: Receiver

  constructor(model: RelayModel) {
    this.#receiver = model === 'tox-rs' ? 'tox_rs_relay' : 'c_toxcore_relay'
  }

  /** Effect of one rule on this relay. */
  to(code: RuleCode): Effect {
    return ruleTable.get(code)?.effect[this.#receiver] ?? 'accepts'
  }

  /** The effect that matters most among those of several rules. */
  toAll(codes: Iterable<RuleCode>): Reaction {
    let worst = accepts
    for (const code of codes) {
      const effect = this.to(code)
      if (order.indexOf(effect) < order.indexOf(worst.effect)) worst = {effect, code}
    }
    return worst
  }

  /** tox-rs registers a client with its handshake, c-toxcore with its first good frame. */
  get registersAtHandshake(): boolean {
    return this.to('client-key-again') === 'closes_peer'
  }

  /** Keys that this relay may share with a public key: c-toxcore and tox-rs differ for keys of low order. */
  sharedKeys(box: Box, publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array[] {
    const keys = box.sharedKeys(publicKey, secretKey)
    if (keys.length === 1) return keys
    const [zero, hashed] = keys
    return this.to('zero-shared-key') === 'closes' ? [hashed!] : [zero!]
  }

  /** The same cryptography with only the shared keys of this implementation. */
  box(box: Box): Box {
    return {
      sharedKey: (publicKey, secretKey) => this.sharedKeys(box, publicKey, secretKey)[0]!,
      sharedKeys: (publicKey, secretKey) => this.sharedKeys(box, publicKey, secretKey),
      publicKey: secretKey => box.publicKey(secretKey),
      keyPair: seed => box.keyPair(seed),
      sha512: bytes => box.sha512(bytes),
      open: (sealed, nonce, key, room) => box.open(sealed, nonce, key, room),
      seal: (plain, nonce, key) => box.seal(plain, nonce, key),
      sealInto: (room, plain, nonce, key) => box.sealInto(room, plain, nonce, key),
    }
  }
}

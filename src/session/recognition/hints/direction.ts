import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {advance} from '../../../crypto/nonce.js'
import {type SearchBudget, trialsToOpen} from '../../../crypto/search-budget.js'
import {limits} from '../../../protocol/limits.js'
import {copyOf} from '../../../wire/bytes.js'
import {u16be} from '../../../wire/integers.js'
import type {Side} from '../../../wire/side.js'
import {firstFrameOffset} from '../stream-shape.js'

/** A trial: a side's frame, with the next nonce of one end of a session. */
interface Trial {
  readonly side: Side
  /** The end whose nonces these are: 0 the client's. */
  readonly end: Side
  readonly key: Uint8Array
  readonly nonce: Uint8Array
}

/**
 * Which of two sides of a connection that begins in the middle is the client's, by the session lines that are known:
 * the two ends count from different nonces, so a frame opens as one end's only. All trials advance together, since a
 * line is usually from where the connection was not long before.
 * @param sides first bytes of each.
 * @param budget of the run.
 * @returns undefined if no line opens a frame within the limit.
 */
export function clientByKeys(
  keyring: Keyring,
  sides: readonly [Uint8Array, Uint8Array],
  budget: SearchBudget,
): Side | undefined {
  const {box} = keyring
  if (!box) return undefined
  const frames = sides.map(firstFrame)
  const trials = keyring
    .tcpSessions(null, null, limits.sessionKeys)
    .flatMap(({sharedKey: key, clientBaseNonce, relayBaseNonce}) =>
      [clientBaseNonce, relayBaseNonce].flatMap((base, end): Trial[] =>
        base
          ? frames.flatMap((frame, side) =>
              frame ? [{side: side as Side, end: end as Side, key, nonce: copyOf(base)}] : [],
            )
          : [],
      ),
    )
  const plain = new Uint8Array(limits.sealedFrame)
  for (let opens = 0; trials.length > 0 && opens < limits.directionOpens; opens += trials.length) {
    for (const {side, end, key, nonce} of trials) {
      const frame = frames[side]!
      if (!budget.take(trialsToOpen(frame.length))) return undefined
      if (
        box.open({bytes: frame, start: limits.frameLengthPrefix, end: frame.length}, nonce, key, {
          bytes: plain,
          at: 0,
        }) >= 0
      )
        return side === end ? 0 : 1
      advance(nonce)
    }
  }
  return undefined
}

/** The first whole frame of a side, with its length. */
function firstFrame(bytes: Uint8Array): Uint8Array | undefined {
  const at = firstFrameOffset(bytes)
  if (at === undefined) return undefined
  return bytes.subarray(at, at + limits.frameLengthPrefix + u16be(bytes, at))
}

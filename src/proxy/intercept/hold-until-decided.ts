import {partialHandshakeSeconds} from '../limits.js'
import type {Intercept} from './intercept.js'
import type {Outgoing, Transform} from './transform.js'

/**
 * An interceptor that waits at most `partialHandshakeSeconds` for the rest of a client's handshake: a client of another
 * protocol might never send that many bytes.
 */
export const holdUntilDecided = (intercept: Intercept, send: (outgoing: Outgoing) => void): Transform => {
  let timer: NodeJS.Timeout | undefined
  const restart = () => {
    clearTimeout(timer)
    if (intercept.undecided)
      timer = setTimeout(
        () => send(intercept.giveUp('the client sent less than a handshake, and then nothing')),
        partialHandshakeSeconds * 1000,
      )
  }
  return {
    received(from, bytes) {
      const outgoing = intercept.received(from, bytes)
      restart()
      return outgoing
    },
    ended(from) {
      clearTimeout(timer)
      return intercept.ended(from)
    },
  }
}

import {type Finding, finding} from '../../../expert/finding.js'
import {callRequests, msiMessage} from '../../../protocol/messenger/call.js'
import {packetFields} from '../../../protocol/table.js'
import type {Side} from '../../../wire/side.js'
import type {Window} from '../../../wire/window.js'
import type {SessionFacts} from '../../inferred.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'

/** The last error "stray message" of a session. */
interface Stray {
  readonly side: Side
  readonly isReported: boolean
}

/**
 * Finds sessions in which both peers say that they have no call. c-toxcore answers every message of a call that it does
 * not have but a request for one, and so the answer, too.
 */
export class StrayCalls {
  /** By session, since one of its peers called last. */
  readonly #strays = new BoundedMap<number, Stray>(limits.cryptoSessions)

  /**
   * @param content what a packet of a session carries that is seen for the first time.
   * @returns what it shows, once until somebody calls.
   */
  take(content: Window, {log, side}: SessionFacts): Finding | undefined {
    const msi = packetFields(content, 'msi')
    if (!msi) return undefined
    const {request, isStray} = msiMessage(msi)
    const before = this.#strays.get(log.number)
    if (request !== callRequests.pop) this.#strays.delete(log.number)
    if (request !== callRequests.pop || !isStray) return undefined
    const isNews = before !== undefined && before.side !== side && !before.isReported
    this.#strays.set(log.number, {side, isReported: isNews || before?.isReported === true})
    return isNews ? finding('call-stray-endless', {}) : undefined
  }
}

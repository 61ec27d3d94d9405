import {hostPort} from '../../protocol/text.js'
import type {EndCause, ProxyEvent} from '../inspection/proxy-event.js'
import type {ForwardCause} from './forward-options.js'

const reasons: Partial<Record<ForwardCause, string>> = {
  idle: 'no byte came for as long as --idle-timeout allows',
  close_after: '--close-after',
  stopped: 'it was stopped',
  intercept_failed: 'intercepting failed',
}

/** Why the proxy ended a connection by itself. */
export const closingReason = (cause: ForwardCause): string => reasons[cause] ?? cause

const dialReasons: Readonly<Record<string, string>> = {
  dial_refused: 'the relay refused the connection',
  dial_host_unreachable: 'the relay cannot be reached',
  dial_network_unreachable: 'the network cannot be reached',
  dial_timed_out: 'the relay did not answer',
  dial_name_not_found: 'the name is not known',
  dial_failed: 'the connection to the relay failed',
  request_refused: 'its request to the proxy was refused',
  no_destination: 'it names no destination',
  handshake_timeout: 'no connection came about in time',
  intercept_failed: 'intercepting failed, and the connection was closed',
}

/** A sentence about an end that no record tells, or tells too little of; undefined where there is no need. */
export function endNote(
  {connection, cause, detail}: {connection: number; cause: EndCause; detail?: string},
  {opened}: {opened: Extract<ProxyEvent, {kind: 'opened'}>},
): string | undefined {
  const reason = dialReasons[cause]
  return (
    reason &&
    `connection ${connection} from ${hostPort(opened.client)}: ${reason}${detail === undefined ? '' : ` (${detail})`}`
  )
}

import {hostPort} from '../../protocol/text.js'
import type {EndCause, ProxyEvent} from '../inspection/proxy-event.js'
import type {ForwardCause} from './forward-options.js'

const reasons: Partial<Record<ForwardCause, string>> = {
  idle: 'no data for as long as --idle-timeout allows',
  close_after: '--close-after',
  stopped: 'it was stopped',
  intercept_failed: 'intercepting failed',
}

/** Reason for which the proxy itself ended a connection, in words. */
export const closingReason = (cause: ForwardCause): string => reasons[cause] ?? cause

/** Only connections of the list have a number. */
const endReasons: Readonly<Record<string, string>> = {
  dial_refused: 'the relay refused the connection',
  dial_host_unreachable: 'the relay cannot be reached',
  dial_network_unreachable: 'the network cannot be reached',
  dial_timed_out: 'the relay did not answer',
  dial_name_not_found: 'the name of the relay is unknown',
  dial_failed: 'the connection to the relay failed',
  dial_not_allowed: 'its destination is not allowed',
  request_refused: 'its request to the proxy was refused',
  no_destination: 'it did not name a destination',
  handshake_timeout: 'no connection was established within --handshake-timeout',
  intercept_failed: 'intercepting failed, and the connection was closed',
}

/** A sentence about an end that no record explains; undefined for ends that a record explains. */
export function endNote(
  {cause, detail}: {cause: EndCause; detail?: string},
  {opened, leg}: {opened: Extract<ProxyEvent, {kind: 'opened'}>; leg: {readonly id: number} | undefined},
): string | undefined {
  const reason = endReasons[cause]
  const name = leg ? `connection ${leg.id}` : 'the connection'
  return reason && `${name} from ${hostPort(opened.client)}: ${reason}${detail === undefined ? '' : ` (${detail})`}`
}

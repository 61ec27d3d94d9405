import {hostPort} from '../../protocol/text.js'
import type {EndCause, EndingCause, ProxyEvent} from '../inspection/proxy-event.js'

const reasons: Partial<Record<EndingCause, string>> = {
  replaced: 'its client connected again with the same key',
  unwritable_packet: 'as a tox-rs relay, which cannot pass on crypto data of 1400 bytes to its receiver',
  handshake_timeout: 'it sent no handshake in time',
  unconfirmed_limit: 'too many clients have sent no packet yet, and this one is the oldest of them',
  address_limit: 'too many connections come from its address',
  slow_reader: 'it reads too slowly, and too much waits for it',
  drop_after: '--drop-after',
  idle: 'no data for as long as --idle-timeout allows',
  close_after: '--close-after',
  stopped: 'it was stopped',
  intercept_failed: 'intercepting failed',
}

/** Reason for which the proxy itself ended a connection, in words. */
export const closingReason = (cause: EndingCause): string => reasons[cause] ?? cause

/** Only connections of the list have a number. */
const endReasons: Readonly<Record<string, string>> = {
  dial_refused: 'its destination refused the connection',
  dial_host_unreachable: 'its destination cannot be reached',
  dial_network_unreachable: 'the network cannot be reached',
  dial_timed_out: 'its destination did not answer',
  dial_name_not_found: 'the name of its destination is unknown',
  dial_failed: 'the connection to its destination failed',
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

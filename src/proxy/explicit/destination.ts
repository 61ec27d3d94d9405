import type {Address} from './address.js'

/** The destination that a client asked for, and the form in which it named it. */
export interface Destination extends Address {
  readonly form: 'ipv4' | 'ipv6' | 'name'
}

/** Why connecting to the destination failed, as finely as a proxy protocol's answers distinguish it. */
export type DialFailure =
  | 'refused'
  | 'host_unreachable'
  | 'network_unreachable'
  | 'timed_out'
  | 'name_not_found'
  | 'failed'

const failures: Readonly<Record<string, DialFailure>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'host_unreachable',
  EHOSTDOWN: 'host_unreachable',
  ENETUNREACH: 'network_unreachable',
  ENETDOWN: 'network_unreachable',
  EADDRNOTAVAIL: 'network_unreachable',
  ETIMEDOUT: 'timed_out',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
}

/** @param code a system error's code, such as ECONNREFUSED. */
export const dialFailure = (code: string | undefined): DialFailure => failures[code ?? ''] ?? 'failed'

/** Result of parsing the bytes received so far. `reply` is sent to the client. */
export type ProxyStep =
  | {readonly kind: 'wait'; readonly reply: Uint8Array}
  /** Connect to the destination, then answer with connected() or failed(). `rest` followed the request. */
  | {readonly kind: 'connect'; readonly reply: Uint8Array; readonly destination: Destination; readonly rest: Uint8Array}
  /** Send the reply, then close. */
  | {readonly kind: 'refuse'; readonly reply: Uint8Array; readonly reason: string}

/**
 * The proxy's side of one request, sans-io. Bytes may be cut anywhere. receive() is not called again after it returned
 * connect or refuse.
 */
export interface ProxyRequest {
  receive(bytes: Uint8Array): ProxyStep
  /** The answer for a destination that was reached. @param local the proxy's address on that connection. */
  connected(local: Address): Uint8Array
  failed(cause: DialFailure): Uint8Array
}

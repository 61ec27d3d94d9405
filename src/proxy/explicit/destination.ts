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
  | 'not_allowed'
  | 'no_descriptors'
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
  EMFILE: 'no_descriptors',
  ENFILE: 'no_descriptors',
}

/** @param code a system error's code, such as ECONNREFUSED. */
export const dialFailure = (code: string | undefined): DialFailure => failures[code ?? ''] ?? 'failed'

/** Result of parsing the bytes received so far. */
export type ProxyStep = {
  /** Bytes that were parsed, and what follows a whole request; with asterisks in place of a password. */
  readonly heard: Uint8Array
  /** Bytes to send to the client. */
  readonly reply: Uint8Array
} & (
  | {readonly kind: 'wait'}
  /** Connect to the destination, then answer with connected() or failed(). `rest` followed the request. */
  | {readonly kind: 'connect'; readonly destination: Destination; readonly rest: Uint8Array}
  /** Send the reply, then close. */
  | {readonly kind: 'refuse'; readonly reason: string}
)

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

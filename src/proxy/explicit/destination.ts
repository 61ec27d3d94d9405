import type {Address} from './address.js'

/** Where a client asks to be connected, and how it named it. */
export interface Destination extends Address {
  readonly form: 'ipv4' | 'ipv6' | 'name'
}

/** Why a connection to the destination could not be made, as far as a proxy's answer tells causes apart. */
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

/** @param code of a system error, as node reports it. */
export const dialFailure = (code: string | undefined): DialFailure => failures[code ?? ''] ?? 'failed'

/** What a proxy protocol makes of the bytes so far. `reply` goes to the client. */
export type ProxyStep =
  | {readonly kind: 'wait'; readonly reply: Uint8Array}
  /** Connect there, then answer with connected() or failed(). `rest` came behind the request. */
  | {readonly kind: 'connect'; readonly reply: Uint8Array; readonly destination: Destination; readonly rest: Uint8Array}
  /** Send the reply and close. */
  | {readonly kind: 'refuse'; readonly reply: Uint8Array; readonly reason: string}

/**
 * The proxy's side of one request, sans-io. Bytes may come cut anywhere; once receive() said connect or refuse it is
 * not called again.
 */
export interface ProxyRequest {
  receive(bytes: Uint8Array): ProxyStep
  /** The answer once the destination is reached. @param local the proxy's own end of that connection. */
  connected(local: Address): Uint8Array
  failed(cause: DialFailure): Uint8Array
}

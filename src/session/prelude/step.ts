import {latin1Text} from '../../wire/bytes.js'
import {u16be} from '../../wire/integers.js'

/** One request to a proxy and its answer. */
export interface DialogueStep {
  readonly proxy: 'socks4' | 'socks5' | 'http'
  /** Where the proxy was asked to connect to: `host:port`. */
  readonly destination: string
  /** Bytes of each side, [client, relay]. */
  readonly bytes: readonly [number, number]
  /** What a proxy answered that did not connect, as `SOCKS5 reply 5, connection refused`. */
  readonly refusal?: string | undefined
}

export const latin1 = (bytes: Uint8Array, most: number): string => latin1Text(bytes.subarray(0, most))

/** A name from the wire, without anything that a terminal acts on. */
export const printable = (text: string): string => text.replace(/[^\x21-\x7e]/g, '?')

/** `host:port`, the port being 2 bytes at an offset. */
export const withPort = (host: string, bytes: Uint8Array, at: number): string => `${host}:${u16be(bytes, at)}`

import type {Address} from '../../proxy/explicit/address.js'
import {hostName, socksRequest} from '../../proxy/limits.js'
import {concatBytes} from '../../wire/bytes.js'
import {noBytes} from '../../wire/chunk.js'
import {parseIpv4, parseIpv6} from '../../wire/text/address.js'
import type {PeerSocket} from './peer-socket.js'

const version = 5
const succeeded = 0

/** The replies of RFC 1928, section 6. */
const refusals = [
  'succeeded',
  'general failure',
  'its rules do not allow the connection',
  'the network cannot be reached',
  'the host cannot be reached',
  'connection refused',
  'the time to live is over',
  'it does not know CONNECT',
  'it does not know this type of address',
]

/** Method "no authentication". */
const greeting = Uint8Array.of(version, 1, 0)

/** A CONNECT request. A name is left to the proxy to resolve. */
function requestFor({host, port}: Address): Uint8Array {
  const [v4, v6] = [parseIpv4(host), parseIpv6(host)]
  const name = new TextEncoder().encode(host).subarray(0, hostName)
  const address = v4 ? [1, ...v4] : v6 ? [4, ...v6] : [3, name.length, ...name]
  return Uint8Array.of(version, 1, 0, ...address, port >> 8, port & 0xff)
}

/** Bytes of the reply to a request, whose bound address may be of any type; undefined while that is unknown. */
function replyBytes(bytes: Uint8Array): number | undefined {
  const [, , , type, length] = bytes
  if (type === 1) return 10
  if (type === 4) return 22
  if (type !== 3) return type === undefined ? undefined : 4
  return length === undefined ? undefined : 7 + length
}

/**
 * Ask a SOCKS5 proxy (RFC 1928) for a connection to that address, without a login.
 * @param socket connected to the proxy. Its reader is replaced afterwards; a relay does not speak first, so nothing of
 * it is lost.
 * @returns why connecting failed, as a clause; undefined if it succeeded.
 */
export async function connectThrough(
  socket: PeerSocket,
  to: Address,
  milliseconds: number,
): Promise<string | undefined> {
  let held: Uint8Array = noBytes
  socket.read(bytes => {
    held = concatBytes([held, bytes]).subarray(0, socksRequest)
  })
  const missing = () => (socket.end ? 'closed the connection' : 'does not answer')
  socket.write(greeting)
  if (!(await socket.until(() => held.length >= 2, milliseconds))) return missing()
  if (held[0] !== version) return 'is not a SOCKS5 proxy'
  if (held[1] !== 0) return 'asks for a login'
  held = held.subarray(2)
  socket.write(requestFor(to))
  const isWhole = () => {
    const length = replyBytes(held)
    return length !== undefined && held.length >= length
  }
  if (!(await socket.until(isWhole, milliseconds))) return missing()
  const code = held[1]!
  return code === succeeded ? undefined : `refuses: ${refusals[code] ?? `code ${code}`}`
}

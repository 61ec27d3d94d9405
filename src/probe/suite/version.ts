import {randomBytes} from 'node:crypto'
import {createSocket} from 'node:dgram'
import {limits} from '../../protocol/limits.js'
import {onionRequest} from '../../protocol/packets/onion-request.js'
import {onionResponse} from '../../protocol/packets/onion-response.js'
import {isLoopback} from '../../proxy/explicit/address.js'
import {encode} from '../../wire/write.js'
import {payloadOf} from '../cases/packets.js'
import {onionMilliseconds} from '../limits.js'
import {connect} from '../net/connect.js'
import {RelayConnection} from '../relay-connection.js'
import type {ProbeContext} from '../target.js'

/** First bytes of the UDP packets between the relay, as first node of an onion path, and the second node. */
const forwardedRequest = 0x81
const responseToRelay = 0x8e
/** Bytes of the relay's return address at the end of a forwarded request. c-toxcore ONION_RETURN_1. */
const returnAddressBytes = 59
/** Responses that a relay may pass on: all do the first, c-toxcore the second since 0.2.19. */
const oldResponse = 0x84
const newResponse = 0x88
/** Bytes of the onion request's encrypted payload, and of the responses: of usual sizes. */
const payloadBytes = 279
const responseBytes = 100

/** Whether a relay passes on the onion's responses of 0.2.19; null: not known, since no response came at all. */
export type PassesNewResponses = boolean | null

/**
 * Play the second node of an onion path, on loopback, and see which responses the relay passes on. Only for relays on
 * this machine: from another one the relay's datagrams would not arrive.
 */
export async function passesNewResponses(
  context: ProbeContext,
  addresses: readonly string[],
): Promise<PassesNewResponses> {
  const [ip] = addresses
  if (ip === undefined || !isLoopback(ip)) return null
  const connected = await connect(context, addresses)
  if (connected.kind === 'failed') return null
  const connection = new RelayConnection({...context, socket: connected.socket})
  const isWide = ip.includes(':')
  const node = createSocket(isWide ? 'udp6' : 'udp4')
  node.on('message', (datagram, {port, address}) => {
    if (datagram[0] !== forwardedRequest || datagram.length <= returnAddressBytes) return
    const back = datagram.subarray(-returnAddressBytes)
    // The old one comes last: once it has arrived, the new one was dropped.
    for (const kind of [newResponse, oldResponse])
      node.send(Buffer.concat([Uint8Array.of(responseToRelay), back, payloadOf(kind, responseBytes)]), port, address)
  })
  node.on('error', () => {})
  try {
    await new Promise<void>((done, failed) => node.once('error', failed).bind(0, ip, done))
    if ((await connection.handshake(context.timeoutMilliseconds)) !== 'open') return null
    connection.send(
      encode(onionRequest, {
        nonce: randomBytes(limits.nonce),
        ip_port: {family: isWide ? 10 : 2, ip, port: node.address().port},
        temporary_pk: randomBytes(limits.publicKey),
        payload: randomBytes(payloadBytes),
      }),
    )
    const isResponse = (kind: number) => (packet: Uint8Array) => packet[0] === onionResponse.id && packet[1] === kind
    if (!(await connection.receive(isResponse(oldResponse), onionMilliseconds))) return null
    return connection.takeAll().some(isResponse(newResponse))
  } catch {
    return null
  } finally {
    node.close()
    connection.close()
  }
}

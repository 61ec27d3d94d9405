import {connectNotification} from '../../protocol/packets/connect-notification.js'
import {dataPacket} from '../../protocol/packets/data.js'
import {disconnectNotification} from '../../protocol/packets/disconnect-notification.js'
import {forwardRequest} from '../../protocol/packets/forward-request.js'
import {forwarding} from '../../protocol/packets/forwarding.js'
import {onionRequest} from '../../protocol/packets/onion-request.js'
import {onionResponse} from '../../protocol/packets/onion-response.js'
import {oobReceive} from '../../protocol/packets/oob-receive.js'
import {oobSend} from '../../protocol/packets/oob-send.js'
import {pingRequest} from '../../protocol/packets/ping-request.js'
import {pongResponse} from '../../protocol/packets/pong-response.js'
import {routeRequest} from '../../protocol/packets/route-request.js'
import {routeResponse} from '../../protocol/packets/route-response.js'
import {encode} from '../../wire/write.js'

/** Noise that is the same in each run: bytes that differ by their purpose and number. */
export function filled(size: number, ...seed: number[]): Uint8Array {
  const bytes = new Uint8Array(size)
  let state = seed.reduce((sum, each) => (Math.imul(sum, 31) + each + 1) >>> 0, 7)
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

const eight = (id: number): Uint8Array => Uint8Array.from([0, 0, 0, 0, id >>> 24, id >>> 16, id >>> 8, id])

export const ping = (id: number): Uint8Array => encode(pingRequest, {ping_id: eight(id)})
export const pong = (id: number): Uint8Array => encode(pongResponse, {ping_id: eight(id)})
/** The pong that answers a ping. */
export const pongTo = (asked: Uint8Array): Uint8Array => encode(pongResponse, {ping_id: asked.subarray(1)})
/** A pong with the id of another ping. */
export function pongToAnother(asked: Uint8Array): Uint8Array {
  const packet = pongTo(asked)
  packet[packet.length - 1]! ^= 15
  return packet
}
export const route = (pk: Uint8Array): Uint8Array => encode(routeRequest, {pk})
export const routed = (connection_id: number, pk: Uint8Array): Uint8Array => encode(routeResponse, {connection_id, pk})
export const connect = (connection_id: number): Uint8Array => encode(connectNotification, {connection_id})
export const disconnect = (connection_id: number): Uint8Array => encode(disconnectNotification, {connection_id})
export const data = (connection_id: number, payload: Uint8Array): Uint8Array =>
  encode(dataPacket, {connection_id, data: payload})
export const oob = (destination_pk: Uint8Array, payload: Uint8Array): Uint8Array =>
  encode(oobSend, {destination_pk, data: payload})
export const oobFrom = (sender_pk: Uint8Array, payload: Uint8Array): Uint8Array =>
  encode(oobReceive, {sender_pk, data: payload})
export const forwarded = (payload: Uint8Array): Uint8Array => encode(forwarding, {data: payload})
export const onionAnswer = (inner: Uint8Array): Uint8Array => encode(onionResponse, {payload: inner})

/** An onion request of `length` bytes in all. An IPv4 address is followed by padding, which is zero by default. */
export function onion(length: number, family = 2, padding?: string): Uint8Array {
  const ip = family === 2 || family === 130 ? '127.0.0.1' : '::1'
  const whole = encode(onionRequest, {
    nonce: filled(24, 21),
    ip_port: {family, ip, port: 9, ...(padding && {padding})},
    temporary_pk: filled(32, 22),
    payload: filled(Math.max(0, length - 76), 23),
  })
  return whole.subarray(0, length)
}

/** A forward request with `bytes` bytes of data. */
export function forward(bytes: number, family = 2): Uint8Array {
  const ip = family === 2 || family === 130 ? '127.0.0.1' : '::1'
  return encode(forwardRequest, {ip_port: {family, ip, port: 9}, data: filled(bytes, 24)})
}

/** A payload or inner response of a kind and length, noise after the first byte. */
export function payloadOf(kind: number, length: number): Uint8Array {
  const bytes = filled(length, kind, length)
  bytes[0] = kind
  return bytes
}

export const cookieRequest = (): Uint8Array => payloadOf(0x18, 145)
/** A cookie request whose DHT key is this one. */
export function cookieRequestOf(pk: Uint8Array): Uint8Array {
  const bytes = cookieRequest()
  bytes.set(pk, 1)
  return bytes
}
export const cryptoData = (length = 100): Uint8Array => payloadOf(0x1b, length)

/** A packet of any id and length, noise after the id. */
export const packetOf = (id: number, length: number): Uint8Array => payloadOf(id, length)

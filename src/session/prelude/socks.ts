import {ipv4Text, ipv6Text} from '../../wire/text/address.js'
import {type DialogueStep, latin1, printable, withPort} from './step.js'

const version5 = 5
const withPassword = 2
const noMethod = 0xff
/** The longest greeting and request. */
const mostRequest = 2 + 255 + 262

/** RFC 1928 section 6. */
const replies5: readonly string[] = [
  'granted',
  'general failure',
  'not allowed by the rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
]

/**
 * Greeting `05 n methods`, answer `05 00`, request `05 01 00 type address port`, answer `05 00 00 type address port`;
 * after an answer `05 02` a name and password.
 */
export function socks5Step(client: Uint8Array, relay: Uint8Array): DialogueStep | 'more' | undefined {
  const methods = client[1]
  if (methods === 0) return undefined
  if (methods === undefined) return 'more'
  if (relay.length > 0 && relay[0] !== version5) return undefined
  const method = relay[1]
  if (method !== undefined && method !== 0 && method !== withPassword && method !== noMethod) return undefined
  const greeting = 2 + methods
  if (client.length < greeting || method === undefined)
    return client.length > greeting + mostRequest ? undefined : 'more'
  if (method === noMethod)
    return refused('unknown', [greeting, 2], `SOCKS5 reply ${noMethod}, no acceptable way to authenticate`)
  const login = method === 0 ? noLogin : loginSize(client, greeting, relay)
  if (typeof login !== 'object') return login
  const request = greeting + login.asked
  if (login.status !== 0) return refused('unknown', [request, 4], `SOCKS5 status ${login.status}, login refused`)
  if (client.length > request && client[request] !== version5) return undefined
  const answer = 2 + login.answered
  if (relay.length > answer && relay[answer] !== version5) return undefined
  const asked = addressSize(client, request)
  if (asked === undefined || asked === 'more') return asked
  const destination = destinationOf(client, request)
  const reply = relay[answer + 1]
  if (reply !== undefined && reply !== 0)
    return refused(
      destination,
      [request + asked, relay.length],
      `SOCKS5 reply ${reply}, ${replies5[reply] ?? 'unknown'}`,
    )
  const answered = addressSize(relay, answer)
  if (answered === undefined || answered === 'more') return answered
  return {proxy: 'socks5', destination, bytes: [request + asked, answer + answered]}
}

const refused = (destination: string, bytes: readonly [number, number], refusal: string): DialogueStep => ({
  proxy: 'socks5',
  destination,
  bytes,
  refusal,
})

const noLogin = {asked: 0, answered: 0, status: 0}

/** RFC 1929: `01 n name n password`, answer `01 00`. */
function loginSize(client: Uint8Array, at: number, relay: Uint8Array): typeof noLogin | 'more' | undefined {
  if ((client.length > at && client[at] !== 1) || (relay.length > 2 && relay[2] !== 1)) return undefined
  const name = client[at + 1]
  const password = name === undefined ? undefined : client[at + 2 + name]
  const status = relay[3]
  if (name === undefined || password === undefined || status === undefined) return 'more'
  const asked = 3 + name + password
  return client.length < at + asked ? 'more' : {asked, answered: 2, status}
}

/** Bytes of a request or answer with its address. */
function addressSize(bytes: Uint8Array, at: number): number | 'more' | undefined {
  const type = bytes[at + 3]
  if (type === undefined) return 'more'
  const name = bytes[at + 4]
  const size = type === 1 ? 4 : type === 4 ? 16 : type !== 3 ? -1 : name === undefined ? undefined : 1 + name
  if (size === undefined) return 'more'
  if (size < 0) return undefined
  return bytes.length >= at + 6 + size ? 6 + size : 'more'
}

function destinationOf(bytes: Uint8Array, at: number): string {
  const type = bytes[at + 3]
  const start = at + 4
  if (type === 3) {
    const end = start + 1 + bytes[start]!
    return withPort(printable(latin1(bytes.subarray(start + 1, end), 255)), bytes, end)
  }
  const ip = type === 1 ? ipv4Text(bytes, start) : `[${ipv6Text(bytes, start)}]`
  return withPort(ip, bytes, start + (type === 1 ? 4 : 16))
}

const granted4 = 0x5a
/** From the protocol's description by Ying-Da Lee. */
const replies4: ReadonlyMap<number, string> = new Map([
  [0x5b, 'request rejected or failed'],
  [0x5c, 'no identd on the client'],
  [0x5d, 'identd names another user'],
])
/** Bytes of a user id or name that are looked at. */
const mostText = 256

/**
 * Request `04 01 port address user 00`, in 4a an address `00 00 00 x` and then `name 00`; answer `00 5a` and 6 bytes.
 */
export function socks4Step(client: Uint8Array, relay: Uint8Array): DialogueStep | 'more' | undefined {
  if (client.length > 1 && client[1] !== 1) return undefined
  if (relay.length > 0 && relay[0] !== 0) return undefined
  const reply = relay[1]
  if (reply !== undefined && (reply < granted4 || reply > 0x5d)) return undefined
  const user = textEnd(client, 8)
  if (typeof user !== 'number') return user
  const isName = client[4] === 0 && client[5] === 0 && client[6] === 0 && client[7] !== 0
  const end = isName ? textEnd(client, user) : user
  if (typeof end !== 'number') return end
  const host = isName ? printable(latin1(client.subarray(user, end - 1), mostText)) : ipv4Text(client, 4)
  const destination = withPort(host, client, 2)
  if (reply === undefined) return 'more'
  if (reply !== granted4)
    return {
      proxy: 'socks4',
      destination,
      bytes: [end, Math.min(relay.length, 8)],
      refusal: `SOCKS4 reply ${reply}, ${replies4.get(reply)}`,
    }
  return relay.length < 8 ? 'more' : {proxy: 'socks4', destination, bytes: [end, 8]}
}

/** Where a text that ends with a zero byte is over; undefined if that is too far away. */
function textEnd(bytes: Uint8Array, start: number): number | 'more' | undefined {
  const end = bytes.indexOf(0, start)
  if (end < 0) return bytes.length - start > mostText ? undefined : 'more'
  return end - start > mostText ? undefined : end + 1
}

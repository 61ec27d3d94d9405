import {lookup} from 'node:dns/promises'
import {isIP} from 'node:net'
import {type Address, addressText} from '../../proxy/explicit/address.js'
import {type DialFailure, dialFailure} from '../../proxy/explicit/destination.js'
import {dial} from '../../proxy/net/dial.js'
import {addresses as mostAddresses} from '../limits.js'
import type {ProbeContext} from '../target.js'
import {PeerSocket} from './peer-socket.js'
import {connectThrough} from './socks.js'

/** Why there is no TCP connection. `detail` is a clause without a full stop. */
export interface NotConnected {
  readonly kind: 'failed'
  readonly step: 'name' | 'connect'
  readonly detail: string
}

/** The addresses of a host, and how long finding them took. */
export interface Resolved {
  readonly kind: 'resolved'
  readonly addresses: readonly string[]
  readonly milliseconds: number
}

export interface Connected {
  readonly kind: 'connected'
  readonly socket: PeerSocket
  readonly milliseconds: number
}

const reasons: Readonly<Record<DialFailure, string>> = {
  refused: 'nothing listens on this port (connection refused)',
  host_unreachable: 'the host cannot be reached',
  network_unreachable: 'the network cannot be reached',
  timed_out: 'no answer',
  name_not_found: 'the name is not known',
  not_allowed: 'not allowed',
  no_descriptors: 'this machine has no free file descriptor (see ulimit -n)',
  failed: 'the connection failed',
}

/** The addresses of the relay's host. Through a proxy, the name itself: the proxy resolves it. */
export async function resolve({
  relay: {host},
  socks,
  timeoutMilliseconds,
}: ProbeContext): Promise<Resolved | NotConnected> {
  const start = performance.now()
  if (socks || isIP(host.replace(/%.*$/, ''))) return {kind: 'resolved', addresses: [host], milliseconds: 0}
  try {
    const found = await within(timeoutMilliseconds, lookup(host, {all: true}))
    if (found === undefined) return {kind: 'failed', step: 'name', detail: 'the name server does not answer'}
    const addresses = found.slice(0, mostAddresses).map(({address}) => address)
    return {kind: 'resolved', addresses, milliseconds: performance.now() - start}
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    return {kind: 'failed', step: 'name', detail: reasons[dialFailure(code)]}
  }
}

/** Connect to the first of these addresses that answers, perhaps through the proxy. */
export async function connect(context: ProbeContext, addresses: readonly string[]): Promise<Connected | NotConnected> {
  let last: NotConnected = {kind: 'failed', step: 'connect', detail: 'the host has no address'}
  for (const host of addresses) {
    const outcome = await connectTo(context, {host, port: context.relay.port})
    if (outcome.kind === 'connected') return outcome
    last = addresses.length > 1 ? {...outcome, detail: `${host}: ${outcome.detail}`} : outcome
  }
  return last
}

async function connectTo({socks, timeoutMilliseconds}: ProbeContext, to: Address): Promise<Connected | NotConnected> {
  const start = performance.now()
  const {socket, outcome} = dial(socks ?? to)
  const dialled = await within(timeoutMilliseconds, outcome)
  const failed = (detail: string): NotConnected => {
    socket.destroy()
    const place = socks ? `the proxy ${addressText(socks)} ` : ''
    return {kind: 'failed', step: 'connect', detail: `${place}${detail}`}
  }
  const unreached = (detail: string) => failed(socks ? `cannot be reached: ${detail}` : detail)
  if (dialled === undefined) return unreached(`no answer within ${timeoutMilliseconds / 1000} s`)
  if (dialled.kind === 'failed') return unreached(dialled.cause === 'failed' ? dialled.detail : reasons[dialled.cause])
  const peer = new PeerSocket(dialled.socket)
  if (socks) {
    const refusal = await connectThrough(peer, to, timeoutMilliseconds)
    if (refusal !== undefined) return failed(refusal)
  }
  return {kind: 'connected', socket: peer, milliseconds: performance.now() - start}
}

/** The value of a promise; undefined if it takes longer. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(done => {
    timer = setTimeout(() => done(undefined), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

import {lookup} from 'node:dns/promises'
import type {Endpoint} from '../../wire/chunk.js'
import {type Address, isLoopback} from './address.js'

const everywhere = ['0.0.0.0', '::']

/**
 * Whether an address leads back to where the proxy listens itself: each connection would make the next, until there are
 * too many. Of a listener for all addresses only this machine's loopback is known.
 */
export async function isOwnListener({host, port}: Address, bound: readonly Endpoint[]): Promise<boolean> {
  const listening = bound.filter(each => each.port === port)
  if (listening.length === 0) return false
  // A name that does not resolve now is told of when it is needed.
  const found = await lookup(host, {all: true}).catch(() => [])
  return found.some(({address}) =>
    listening.some(({ip}) => ip === address || (everywhere.includes(ip) && isLoopback(address))),
  )
}

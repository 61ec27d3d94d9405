import {lookup} from 'node:dns/promises'
import type {Endpoint} from '../../wire/chunk.js'
import {type Address, isLoopback} from './address.js'

const everywhere = ['0.0.0.0', '::']

/**
 * Whether an address is one that the proxy itself listens on: each connection would open another one without end. For a
 * listener on all addresses only the loopback addresses are recognized.
 */
export async function isOwnListener({host, port}: Address, bound: readonly Endpoint[]): Promise<boolean> {
  const listening = bound.filter(each => each.port === port)
  if (listening.length === 0) return false
  // A name that cannot be resolved is reported when a client needs it.
  const found = await lookup(host, {all: true}).catch(() => [])
  return found.some(({address}) =>
    listening.some(({ip}) => ip === address || (everywhere.includes(ip) && isLoopback(address))),
  )
}

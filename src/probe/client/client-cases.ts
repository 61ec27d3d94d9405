import type {ClientCase} from './client-case.js'
import {handshakeCases} from './handshake-cases.js'
import {packetCases} from './packet-cases.js'
import {pingCases} from './ping-cases.js'

/**
 * All cases for clients, in the order in which they are tried. After most handshakes that fail, c-toxcore forgets the
 * relay, so these come last; before them those for which the client must have asked for a route, as many never ask.
 */
export function clientCases(): readonly ClientCase[] {
  const packets = packetCases()
  const isAsked = ({before}: ClientCase) => before === 'asked'
  return [...packets.filter(each => !isAsked(each)), ...pingCases, ...packets.filter(isAsked), ...handshakeCases]
}

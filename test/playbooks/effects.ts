import type {Before, Case} from '../../src/probe/cases/case.js'
import {fromClient} from '../../src/probe/cases/from-client.js'
import {fromRelay} from '../../src/probe/cases/from-relay.js'
import {connect, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {keysOf, peerKey} from './keys.js'
import {type Outcome, ofClients, ofRelays} from './outcomes.js'
import type {Play} from './play.js'

const peer = peerKey(1)
export const keys = keysOf(1)

/** What was said before, that both sides go on from. */
export const before: Readonly<Record<Before, (p: Play) => Play>> = {
  free: p => p,
  registered: p => p.client(route(peer)).relay(routed(16, peer)),
  online: p => p.client(route(peer)).relay(routed(16, peer)).relay(connect(16)),
  relayPinged: p => p.relay(ping(7)),
  relayPingAnswered: p => p.relay(ping(7)).client(pong(7)),
  asked: p => p.client(route(peer)),
}

/** A case, and whether c-toxcore and tox-rs keep the connection of who sends it. */
export type Row = readonly [...Case, cToxcore: Outcome, toxRs: Outcome]

/** @throws Error for a case whose outcome is not recorded, or is recorded twice. */
const rowsOf = (cases: readonly Case[], recorded: typeof ofRelays): readonly Row[] => {
  const outcomes = new Map<string, string>()
  for (const [outcome, names] of Object.entries(recorded))
    for (const name of names) {
      if (outcomes.has(name)) throw new Error(`two outcomes of ${name}`)
      outcomes.set(name, outcome)
    }
  return cases.map(([name, was, packets]): Row => {
    const [cToxcore, toxRs] = outcomes.get(`${name} (${was})`)?.split(' ') ?? []
    if (!isOutcome(cToxcore) || !isOutcome(toxRs)) throw new Error(`no outcome of ${name} (${was})`)
    return [name, was, packets, cToxcore, toxRs]
  })
}

const isOutcome = (text: string | undefined): text is Outcome => text === 'kept' || text === 'dropped'

const nobody = peerKey(99)

export const fromClientRows = rowsOf(
  fromClient({own: keys.client.publicKey, relay: keys.relay.publicKey, peer, nobody}),
  ofRelays,
)
export const fromRelayRows = rowsOf(fromRelay({peer, nobody}), ofClients)

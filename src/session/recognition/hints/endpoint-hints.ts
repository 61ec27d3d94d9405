import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {SearchBudget} from '../../../crypto/search-budget.js'
import {limits} from '../../../protocol/limits.js'
import {hostPort} from '../../../protocol/text.js'
import type {End, Endpoint} from '../../../wire/chunk.js'
import {otherPorts} from '../other-protocols.js'
import type {Hints} from '../tox-detector.js'
import type {TcpOpening} from '../tracked-connection.js'
import {clientByKeys} from './direction.js'
import {RelayVotes} from './relay-votes.js'

/** Ports where relays usually listen: tox-bootstrapd's settings, and ports that firewalls let pass. */
const relayPorts = new Set([33445, 33446, 3389, 443, 80])

/** The end of which something is true, the second rather than the first: it was connected to. */
const oneOf = (ends: readonly [Endpoint, Endpoint], isIt: (end: Endpoint) => boolean): End | undefined =>
  isIt(ends[1]) ? 1 : isIt(ends[0]) ? 0 : undefined

/** What the connections of a run show of the ends of the next: which is a relay, which is the client. */
export class EndpointHints {
  readonly relays = new RelayVotes()
  /** For the search by keys alone: what opens frames may be on another thread. */
  readonly #budget = new SearchBudget()
  /** How many connections each endpoint has had, up to a bound. */
  readonly #endpoints = new Map<string, number>()

  /**
   * @param ports connections from or to these are Tox whatever they look like.
   * @param keyring session lines in it show which end is the client where nothing else does.
   */
  constructor(
    readonly ports: readonly number[],
    readonly keyring: Keyring,
  ) {}

  /** A connection of these ends begins. */
  count(ends: readonly [Endpoint, Endpoint]): void {
    this.#budget.addConnection()
    for (const end of ends) {
      const endpoint = hostPort(end)
      const count = this.#endpoints.get(endpoint)
      if (count !== undefined || this.#endpoints.size < limits.onlineKeys)
        this.#endpoints.set(endpoint, (count ?? 0) + 1)
    }
  }

  of({ends, hasSyn, relayEnd: known}: TcpOpening): Hints {
    const given: End | undefined = known ?? oneOf(ends, ({port}) => this.ports.includes(port))
    const relayEnd = given ?? oneOf(ends, end => this.relays.of(end) > 0)
    return {
      hasSyn,
      isTox: given !== undefined,
      relayVotes: relayEnd === undefined ? 0 : this.relays.of(ends[relayEnd]),
      relayEnd,
      isOtherPort: ends.some(({port}) => otherPorts.has(port)),
      likelyClient: () => this.#likelyClient(ends),
      clientByKeys: sides => clientByKeys(this.keyring, sides, this.#budget),
    }
  }

  /**
   * A relay has many connections at one port, and that is a well-known one, or at least lower than those that systems
   * choose.
   */
  #likelyClient(ends: readonly [Endpoint, Endpoint]): End {
    const [first, second] = ends.map(end => this.#endpoints.get(hostPort(end)) ?? 0) as [number, number]
    if (first !== second) return first < second ? 0 : 1
    const [a, b] = ends.map(({port}) => relayPorts.has(port)) as [boolean, boolean]
    if (a !== b) return b ? 0 : 1
    return ends[0].port < ends[1].port ? 1 : 0
  }
}

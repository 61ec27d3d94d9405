import {limits} from '../../../protocol/limits.js'
import {hostPort} from '../../../protocol/text.js'
import type {Endpoint} from '../../../wire/chunk.js'

/** Ports that only Tox relays use: a vote for every relay there. */
const toxPorts: ReadonlySet<number> = new Set([33445, 33446])

/**
 * What connections have shown of their servers: each that was Tox is a vote for a relay, each that was certainly
 * something else is a vote against it.
 */
export class RelayVotes {
  readonly #votes = new Map<string, number>()

  /** Votes for the endpoint less those against it; above 0 only where a connection has shown it. */
  of(endpoint: Endpoint): number {
    const votes = this.#votes.get(hostPort(endpoint)) ?? 0
    return votes > 0 && toxPorts.has(endpoint.port) ? votes + 1 : votes
  }

  /** @param isGuess sizes alone suggested it: one vote at most comes from such connections. */
  confirm(relay: Endpoint, isGuess: boolean): void {
    const key = hostPort(relay)
    const votes = this.#votes.get(key)
    if (votes === undefined ? this.#votes.size < limits.onlineKeys : !isGuess) this.#votes.set(key, (votes ?? 0) + 1)
  }

  /** Only an endpoint that was taken for a relay is remembered. */
  refute(endpoint: Endpoint): void {
    const key = hostPort(endpoint)
    const votes = this.#votes.get(key)
    if (votes !== undefined) this.#votes.set(key, votes - 1)
  }
}

/**
 * Whether a proxy was asked for what may be a relay: Tox clients ask for addresses, not for names, or for ports that
 * others do not use.
 * @param destination `host:port`.
 * @param ports where the user says that relays are.
 */
export function mayBeRelay(destination: string, ports: readonly number[]): boolean {
  const port = Number(destination.slice(destination.lastIndexOf(':') + 1))
  const host = destination.slice(0, destination.lastIndexOf(':'))
  return ports.includes(port) || toxPorts.has(port) || host.includes(':') || /^[\d.]+$/.test(host)
}

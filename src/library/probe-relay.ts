import {loadSodium} from '../crypto/sodium.js'
import * as defaults from '../probe/limits.js'
import {probeTarget} from '../probe/probe-relay.js'
import {relayAt} from '../probe/relay-list.js'
import type {RelayProbe} from '../probe/relay-probe.js'
import {parseAddress} from '../proxy/explicit/address.js'
import {longestSeconds} from '../terminal/options/quantity.js'
import {InputError} from '../wire/input-error.js'
import type {OptionNames} from '../wire/text/option-names.js'
import {checkOptions} from './check-options.js'

/** Options of `probeRelay`. */
export interface ProbeRelayOptions {
  /** Number of pings that are timed. */
  readonly count?: number | undefined
  /** Time limit for each step. */
  readonly timeoutSeconds?: number | undefined
  /** SOCKS5 proxy through which the relay is reached, `HOST:PORT`. */
  readonly socks?: string | undefined
}

const optionNames: OptionNames<ProbeRelayOptions> = {count: true, timeoutSeconds: true, socks: true}

/**
 * Check a relay stage by stage, as `toxtcp probe` does.
 * @param address `HOST:PORT`. @param publicKey 64 hex digits.
 * @throws InputError if these are not that, and for an option that cannot be. Whatever the relay does is in the result.
 */
export async function probeRelay(
  address: string,
  publicKey: string,
  options: ProbeRelayOptions = {},
): Promise<RelayProbe> {
  checkOptions(options, optionNames)
  const {count = defaults.pings, timeoutSeconds = defaults.stepSeconds, socks} = options
  if (!(timeoutSeconds > 0 && timeoutSeconds <= longestSeconds))
    throw new InputError(`timeoutSeconds is ${timeoutSeconds}, not a time that can be waited`, undefined, 'bad-option')
  const relay = relayAt(address, publicKey)
  return probeTarget({
    box: await loadSodium(),
    relay,
    pings: count,
    timeoutMilliseconds: 1000 * timeoutSeconds,
    ...(socks !== undefined && {socks: parseAddress(socks, {lowestPort: 1})}),
  })
}

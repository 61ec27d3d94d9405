import type {Box} from '../../crypto/box.js'
import {clientsPerAddress, unconfirmedClients} from '../../peer/relay/limits.js'
import type {RelayModel} from '../../peer/relay/models.js'
import type {Provocation} from '../../peer/relay/provocations.js'
import type {RelayOptions} from '../../peer/relay/relay.js'
import {limits} from '../../protocol/limits.js'
import {EmbeddedRelay} from '../../proxy/embedded/embedded-relay.js'
import {UdpPort} from '../../proxy/embedded/udp-port.js'
import {isLoopback, parseAddress} from '../../proxy/explicit/address.js'
import {secondsOf} from '../../terminal/options/quantity.js'
import {exactLines} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import type {OptionNames} from '../../wire/text/option-names.js'
import {type RelayKey, relayKeyOf} from './relay-key.js'

/** Settings of an embedded relay, with texts as the flags of `toxtcp relay` have them. All are optional. */
export interface RelaySettings {
  /** File of the relay's key pair, made if it does not exist. */
  readonly key?: string | undefined
  /** The implementation that it behaves like where they differ. */
  readonly like?: RelayModel | undefined
  /** Time between pings: `30s`. */
  readonly pingInterval?: string | undefined
  /** Time for the answer to a ping. */
  readonly pingTimeout?: string | undefined
  /** Most clients that have not sent a packet yet. */
  readonly maxUnconfirmed?: number | undefined
  /** Most connections from one IP address. */
  readonly maxPerAddress?: number | undefined
  /** UDP address for onion and forward requests: `[HOST:]PORT`. Absent: none are passed on. */
  readonly udp?: string | undefined
  /** Send UDP packets to other machines, too. */
  readonly allowRemote?: boolean | undefined
  /** Wrong behaviours. */
  readonly provocations?: readonly Provocation[] | undefined
  /** Close each connection after this number of packets, or this time: `100`, `30s`. */
  readonly dropAfter?: string | undefined
}

export const relaySettingNames: OptionNames<RelaySettings> = {
  key: true,
  like: true,
  pingInterval: true,
  pingTimeout: true,
  maxUnconfirmed: true,
  maxPerAddress: true,
  udp: true,
  allowRemote: true,
  provocations: true,
  dropAfter: true,
}

/** A running embedded relay. */
export interface Embedded {
  readonly relay: EmbeddedRelay
  readonly key: RelayKey
}

const milliseconds = (text: string | undefined, flag: string, seconds: number): number =>
  1000 * (text === undefined ? seconds : secondsOf(text, flag, 's'))

/**
 * Start a relay without listeners.
 * @param handshakeSeconds time for a client's handshake; 0: no limit.
 * @throws InputError
 */
export async function startEmbedded(
  box: Box,
  settings: RelaySettings,
  handshakeSeconds: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Embedded> {
  const {maxPerAddress, maxUnconfirmed = unconfirmedClients, udp, allowRemote = false, like = 'c-toxcore'} = settings
  const dropAfter = dropAfterOf(settings)
  const times = {
    pingInterval: milliseconds(settings.pingInterval, '--ping-interval', limits.pingInterval),
    pingTimeout: milliseconds(settings.pingTimeout, '--ping-timeout', limits.pingTimeout),
    handshakeTimeout: 1000 * (handshakeSeconds ?? limits.handshakeTimeout),
  }
  if (allowRemote && udp === undefined)
    throw new InputError(
      '--allow-remote is given without --udp',
      exactLines('toxtcp relay --udp 0.0.0.0:33445 --allow-remote'),
      'bad-option',
    )
  const key = await relayKeyOf(box, settings.key, env)
  const port = udp === undefined ? undefined : await UdpPort.bind(udpAddress(udp), allowRemote)
  const options = {
    box,
    secretKey: key.secretKey,
    model: like,
    ...times,
    maxUnconfirmed,
    maxPerAddress: (ip: string) => maxPerAddress ?? (isLoopback(ip) ? Number.POSITIVE_INFINITY : clientsPerAddress),
    provocations: new Set(settings.provocations),
    ...(dropAfter && {dropAfter}),
  }
  return {relay: new EmbeddedRelay(options, port), key}
}

const udpAddress = (text: string) => parseAddress(text, {defaultHost: '127.0.0.1', lowestPort: 0})

function dropAfterOf({dropAfter: text}: RelaySettings): RelayOptions['dropAfter'] {
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(text)) return {frames: Number(text)}
  return {milliseconds: 1000 * secondsOf(text, '--drop-after')}
}

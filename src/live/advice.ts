import {hostPort} from '../protocol/text.js'
import type {Endpoint} from '../wire/chunk.js'
import type {ProxySettings} from './settings.js'

/** Two sentences for somebody who did not say where to listen: what to point at the proxy, and what keys are for. */
export function adviceFor(bound: Endpoint, settings: ProxySettings): readonly string[] {
  const {ip, port} = bound
  const {keys, relayKey, clientKey} = settings
  const client =
    settings.upstream === undefined
      ? `set ${hostPort(bound)} as the proxy of a client, as in toxic --force-tcp --SOCKS5-proxy ${ip} ${port}; ` +
        'or name one relay with --upstream HOST:PORT'
      : `in the client, use ${ip} and port ${port} in place of the relay's address, with the relay's public key`
  const hasKeys = [keys.key, keys.keylog, keys.secretKey, relayKey, clientKey].some(given => given.length > 0)
  return hasKeys
    ? [client]
    : [client, 'packets stay sealed without keys: add --keylog FILE, or --relay-key FILE to intercept; -w FILE records']
}

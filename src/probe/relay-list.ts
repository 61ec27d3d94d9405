import {limits} from '../protocol/limits.js'
import {addressText, parseAddress} from '../proxy/explicit/address.js'
import {fromHex, toHex} from '../wire/hex/hex-bytes.js'
import {isHex} from '../wire/hex/is-hex.js'
import {InputError} from '../wire/input-error.js'
import {relays as mostRelays} from './limits.js'
import type {RelayTarget} from './target.js'

/** Hex digits of a Tox ID: a public key, 4 bytes of nospam, 2 of checksum. */
const toxIdDigits = 76

/** Relays of a list. */
export interface RelayList {
  /** Without duplicates, in the order of the list. */
  readonly relays: readonly RelayTarget[]
  /** Number of nodes without a TCP port or an address. */
  readonly withoutTcp: number
}

/** @param port digits. @throws InputError */
export function relayOf(host: string, port: string, key: string): RelayTarget {
  return relayAt(`${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`, key)
}

/**
 * A relay by the texts of its address, `HOST:PORT`, and its public key in hex.
 * @throws InputError
 */
export function relayAt(address: string, key: string): RelayTarget {
  const {host, port} = parseAddress(address, {lowestPort: 1})
  if (isHex(key, limits.publicKey)) return {host, port, publicKey: fromHex(key)}
  throw new InputError(
    `"${key}" is not the public key of a relay, which has ${limits.publicKey * 2} hex digits`,
    key.length === toxIdDigits
      ? 'this looks like the Tox ID of a person; nodes.tox.chat lists the keys of relays'
      : 'the relay prints it when it starts; toxtcp keys show FILE prints that of a key file',
    'bad-key',
  )
}

/**
 * Parse a list of relays: lines `HOST:PORT KEY` or `HOST PORT KEY` with comments after `#`, or the JSON of
 * nodes.tox.chat. A node of that has one entry for each of its TCP ports, at its IPv4 address or else its IPv6 address.
 * @throws InputError with the place of the mistake
 */
export function parseRelays(text: string): RelayList {
  const {relays, withoutTcp} = /^\s*[[{]/.test(text) ? ofJson(text) : {relays: ofLines(text), withoutTcp: 0}
  const distinct = new Map(relays.map(relay => [`${addressText(relay)} ${toHex(relay.publicKey)}`, relay]))
  if (distinct.size > mostRelays)
    throw new InputError(`the list has ${distinct.size} relays, and at most ${mostRelays} are probed`)
  return {relays: [...distinct.values()], withoutTcp}
}

function ofLines(text: string): RelayTarget[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const words = line
      .replace(/#.*/, '')
      .split(/[\s,]+/)
      .filter(Boolean)
    if (words.length === 0) return []
    const [first = '', second = '', third = ''] = words
    return inPlace(`line ${index + 1}`, () => {
      if (words.length === 2) return [relayAt(first, second)]
      if (words.length === 3) return [relayOf(first, second, third)]
      throw new InputError(`"${line.trim().slice(0, 100)}" is not a relay`, 'a line is HOST:PORT KEY')
    })
  })
}

/** Run, with a place before the sentence of a mistake. */
function inPlace<T>(place: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw error instanceof InputError ? error.at(place) : error
  }
}

function ofJson(text: string): RelayList {
  const nodes = nodesIn(parsed(text))
  let withoutTcp = 0
  const relays = nodes.flatMap((node, index) => {
    if (!isObject(node)) throw new InputError(`node ${index} of the list is not an object`)
    const {host, ports, key} = nodeParts(node)
    if (host === undefined || ports.length === 0) withoutTcp++
    return host === undefined ? [] : ports.map(port => inPlace(`node ${index}`, () => relayOf(host, String(port), key)))
  })
  return {relays, withoutTcp}
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError('the list of relays begins like JSON and is not JSON', 'curl https://nodes.tox.chat/json')
  }
}

function nodesIn(value: unknown): readonly unknown[] {
  const nodes = isObject(value) ? (value['nodes'] ?? [value]) : value
  if (Array.isArray(nodes)) return nodes
  throw new InputError('the list of relays has no list of nodes', 'nodes.tox.chat gives {"nodes": [...]}')
}

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Address, TCP ports and key of a node, as nodes.tox.chat gives them; `host` and `port` as the probe prints them. */
function nodeParts(node: JsonObject): {host: string | undefined; ports: readonly unknown[]; key: string} {
  const hosts = [node['ipv4'], node['ipv6'], node['host']]
  const host = hosts.find((each): each is string => typeof each === 'string' && /^[^-\s]/.test(each) && each !== 'NONE')
  const ports = Array.isArray(node['tcp_ports']) ? node['tcp_ports'] : 'host' in node ? [node['port']] : []
  return {host, ports, key: String(node['public_key'])}
}

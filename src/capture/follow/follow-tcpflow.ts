import type {End, Endpoint} from '../../wire/chunk.js'
import {fromHex} from '../../wire/hex/hex-bytes.js'
import {linesOf} from '../../wire/hex/hex-lines.js'
import {InputError} from '../../wire/input-error.js'
import {parseJson} from '../../wire/text/json.js'
import {endpointOf, FollowBuilder, type FollowDump, lineError} from './follow-dump.js'
import * as limits from './limits.js'

const address = '(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*)\\.(\\d{1,5})'
/** The line before each packet on tcpflow's console; group 5 is the rest of the line, empty in the hex form. */
export const tcpflowHeader = new RegExp(`^${address}-${address}: ?(.*)$`)
const fileName = new RegExp(`^(?:\\d+T|\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z)?${address}-${address}(?:--\\d+)?(?:c\\d+)?$`)
export const tcpflowRow = /^([0-9a-f]{4,}): ((?:[0-9a-f]{4} )*(?:[0-9a-f]{2} )?)/
const hexRowStart = /^[0-9a-f]{4,}: /

/** A line without the colours of tcpflow -g. */
export const withoutColour = (line: string): string =>
  line.includes('\u001b') ? line.replace(/\u001b\[[\d;]*m/g, '') : line

/** An address and port as tcpflow writes them: IPv4 padded with zeros. */
function flowEndpoint(host = '', port = ''): Endpoint | null {
  const parts = host.includes(':') ? [] : host.split('.').map(Number)
  return parts.some(part => part > 255) ? null : endpointOf(parts.length > 0 ? parts.join('.') : host, port)
}

/**
 * Sender and receiver from the name of a file that tcpflow made, like `127.000.000.001.47120-127.000.000.001.34345`,
 * with or without `c1`, VLAN and time.
 * @param name with or without folders.
 * @returns undefined for any other name, like `report.xml`.
 */
export function endpointsFromTcpflowName(name: string): [Endpoint, Endpoint] | undefined {
  const match = fileName.exec(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1))
  const from = flowEndpoint(match?.[1], match?.[2])
  const to = flowEndpoint(match?.[3], match?.[4])
  return from === null || to === null ? undefined : [from, to]
}

/** Dumps by connection. The end that sends first is end 0. */
class Flows {
  readonly dumps = new Map<string, FollowBuilder>()

  constructor(readonly form: 'tcpflow' | 'tcpflow_json') {}

  /** The dump of a connection, and the end that `from` is. */
  find(from: Endpoint, to: Endpoint): {dump: FollowBuilder; end: End} {
    const there = `${from.ip} ${from.port} ${to.ip} ${to.port}`
    const known = this.dumps.get(there)
    if (known !== undefined) return {dump: known, end: 0}
    const back = this.dumps.get(`${to.ip} ${to.port} ${from.ip} ${from.port}`)
    if (back !== undefined) return {dump: back, end: 1}
    if (this.dumps.size >= limits.followConnections) {
      throw new InputError(
        `the dump has over ${limits.followConnections} connections`,
        "give tcpflow a filter, for example 'port 33445'",
        'bad-stream',
      )
    }
    const dump = new FollowBuilder(this.form)
    dump.peers[0] = from
    dump.peers[1] = to
    this.dumps.set(there, dump)
    return {dump, end: 0}
  }
}

/**
 * Read what tcpflow -c -D prints: a line with both ends, then rows of 32 bytes whose offsets start at 0 in each packet.
 * @returns one dump for each connection, in order of appearance.
 * @throws InputError for a line that is not a row, and for a wrong offset.
 */
export function parseTcpflow(text: string): FollowDump[] {
  const flows = new Flows('tcpflow')
  let current: {dump: FollowBuilder; end: End} | undefined
  let hex: string[] = []
  let length = 0
  const close = (): void => {
    if (current !== undefined && length > 0) current.dump.add(current.end, fromHex(hex.join('')))
    hex = []
    length = 0
  }
  for (const line of linesOf(text)) {
    const plain = withoutColour(line.text)
    const header = hexRowStart.test(plain) ? null : tcpflowHeader.exec(plain)
    if (header !== null) {
      close()
      const from = flowEndpoint(header[1], header[2])
      const to = flowEndpoint(header[3], header[4])
      if (from === null || to === null) throw lineError(text, line, 0, 'names an impossible address or port')
      current = flows.find(from, to)
      continue
    }
    if (plain.trim() === '' || plain.startsWith('reportfilename:')) continue
    // The row may have lost its text column and the blank before it.
    const row = tcpflowRow.exec(`${plain} `)
    const [, offset = '', digits = ''] = row ?? []
    if (current === undefined || digits === '') throw lineError(text, line, 0, 'is not a row of a tcpflow hex dump')
    if (Number.parseInt(offset, 16) !== length)
      throw lineError(text, line, 0, `has offset ${offset}, expected ${length.toString(16).padStart(4, '0')}`)
    const packed = digits.replaceAll(' ', '')
    hex.push(packed)
    length += packed.length / 2
  }
  close()
  return [...flows.dumps.values()]
}

/** Read what tcpflow -c -J prints: a line of JSON for each packet. @throws InputError for any other line. */
export function parseTcpflowJson(text: string): FollowDump[] {
  const flows = new Flows('tcpflow_json')
  for (const line of linesOf(text)) {
    if (line.text.trim() === '' || line.text.startsWith('reportfilename:')) continue
    const {from, to, bytes} = packetOfJson(line.text) ?? {}
    if (from === undefined || to === undefined || bytes === undefined)
      throw lineError(text, line, 0, 'is not a packet as tcpflow -J prints it')
    const {dump, end} = flows.find(from, to)
    dump.add(end, bytes)
  }
  return [...flows.dumps.values()]
}

function packetOfJson(text: string): {from: Endpoint; to: Endpoint; bytes: Uint8Array} | undefined {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const {src_host, src_port, dst_host, dst_port, payload} = value as Record<string, unknown>
  const from = endpointOfJson(src_host, src_port)
  const to = endpointOfJson(dst_host, dst_port)
  if (from === null || to === null || !Array.isArray(payload)) return undefined
  const whole = payload.every(byte => Number.isInteger(byte) && byte >= 0 && byte <= 255)
  return whole ? {from, to, bytes: Uint8Array.from(payload as number[])} : undefined
}

const endpointOfJson = (host: unknown, port: unknown): Endpoint | null =>
  typeof host === 'string' && (typeof port === 'string' || typeof port === 'number')
    ? flowEndpoint(host, String(port))
    : null

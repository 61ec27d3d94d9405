import {linesOf} from '../../wire/hex/hex-lines.js'
import {readRow} from '../../wire/hex/hex-row.js'
import {InputError} from '../../wire/input-error.js'
import type {FollowDump, FollowForm} from './follow-dump.js'
import {parseTcpflow, parseTcpflowJson, tcpflowHeader, tcpflowRow, withoutColour} from './follow-tcpflow.js'
import {directionLine, parseText2pcap} from './follow-text2pcap.js'
import {
  followHexRow,
  parseFollowArrays,
  parseFollowHex,
  parseFollowRaw,
  peerArray,
  tsharkHeader,
} from './follow-tshark.js'
import {followYaml, parseFollowYaml} from './follow-tshark-yaml.js'
import * as limits from './limits.js'

export type {FollowDump, FollowForm, FollowSegment} from './follow-dump.js'
export {endpointsFromTcpflowName} from './follow-tcpflow.js'

const parsers: Readonly<Record<Exclude<FollowForm, 'text'>, (text: string) => FollowDump[]>> = {
  raw: parseFollowRaw,
  hex: parseFollowHex,
  yaml: parseFollowYaml,
  c_arrays: parseFollowArrays,
  tcpflow: parseTcpflow,
  tcpflow_json: parseTcpflowJson,
  text2pcap: parseText2pcap,
}

const reading =
  'dumps that can be read: tshark -r FILE -q -z follow,tcp,yaml,N (or raw, hex), ' +
  'Wireshark\'s "Follow TCP Stream" saved as YAML, hex dump or C arrays, tcpflow -c -D -r FILE'

/**
 * Recognise the form of a dump of both sides of a stream by its content.
 * @returns undefined for anything else: binary, hex of one side alone, other text.
 */
export function followForm(text: string): FollowForm | undefined {
  const head = text.slice(0, limits.followProbe)
  const flow = tcpflowFormOf(head)
  if (flow !== undefined) return flow
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/.test(head)) return undefined
  const header = /^Follow: \w+,([\w-]+)[ \t]*\r?$/m.exec(text)
  if (header !== null) return headerForm(header[1] ?? '')
  if (followYaml.test(head)) return 'yaml'
  if (peerArray.test(head)) return 'c_arrays'
  return formOfLines(head)
}

function headerForm(name: string): FollowForm {
  return name === 'raw' || name === 'hex' || name === 'yaml' ? name : 'text'
}

function tcpflowFormOf(head: string): FollowForm | undefined {
  const lines = linesOf(head)
  for (const line of lines) {
    const plain = withoutColour(line.text)
    if (plain.trim() === '' || plain.startsWith('reportfilename:')) continue
    if (/^\{"src_host":/.test(plain)) return 'tcpflow_json'
    if (!tcpflowHeader.test(plain)) return undefined
    const next: unknown = lines.next().value
    const row = typeof next === 'object' && next !== null && 'text' in next ? withoutColour(String(next.text)) : ''
    return tcpflowRow.test(`${row} `) && /:\s*$/.test(plain) ? 'tcpflow' : 'text'
  }
  return undefined
}

/** Recognise forms without a header. Both sides must be there, one of them indented or marked. */
function formOfLines(head: string): FollowForm | undefined {
  const cut = head.length === limits.followProbe
  const sides = {raw: [false, false], hex: [false, false]}
  let directions = 0
  let rows = 0
  let other = 0
  const lines = [...linesOf(head)]
  if (cut) lines.pop()
  for (const {text} of lines) {
    if (text.trim() === '' || tsharkHeader.test(text)) continue
    const side = /^\s/.test(text) ? 1 : 0
    if (directionLine.test(text)) directions++
    else if (followHexRow.test(text)) {
      sides.hex[side] = true
      rows++
    } else if (/^\s*(?:[0-9a-f]{2})+\s*$/i.test(text)) sides.raw[side] = true
    else if (readRow({text, number: 0, start: 0}) !== undefined) rows++
    else if (!/^\s*#/.test(text)) other++
  }
  if (other > 0) return undefined
  if (directions > 0) return rows > 0 ? 'text2pcap' : undefined
  if (sides.hex[0] && sides.hex[1]) return 'hex'
  return sides.raw[0] && sides.raw[1] && rows === 0 ? 'raw' : undefined
}

/**
 * Read dumps of streams.
 * @returns one for each connection in the text, in order of appearance; at least one.
 * @throws InputError if `followForm` does not recognise the text, if it is in a text form that loses bytes, or for a
 *   mistake, with its line.
 */
export function parseFollows(text: string): readonly FollowDump[] {
  if (text.length > limits.followText)
    throw new InputError(
      `the stream dump is over ${limits.followText} characters long`,
      'read the capture file instead',
      'bad-stream',
    )
  const form = followForm(text)
  if (form === undefined) throw new InputError('the text is not a stream dump of both sides', reading, 'bad-stream')
  if (form === 'text')
    throw new InputError('the stream dump is in a text form, which loses bytes', reading, 'bad-stream')
  return parsers[form](text)
}

/**
 * Read the dump of one connection.
 * @throws InputError as parseFollows, and if there are several connections.
 */
export function parseFollow(text: string): FollowDump {
  const dumps = parseFollows(text)
  const [dump] = dumps
  if (dumps.length === 1 && dump !== undefined) return dump
  const names = dumps
    .slice(0, 8)
    .map(each => each.peers.map(peer => (peer === null ? '?' : `${peer.ip} port ${peer.port}`)).join(' and '))
  throw new InputError(`the stream dump holds ${dumps.length} connections, not one`, names.join('\n'), 'bad-stream')
}

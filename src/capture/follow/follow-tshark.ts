import type {End} from '../../wire/chunk.js'
import {fromHex} from '../../wire/hex/hex-bytes.js'
import {type Line, linesOf} from '../../wire/hex/hex-lines.js'
import {endpointOf, FollowBuilder, type FollowDump, lineError} from './follow-dump.js'

/** The first line of what tshark's follow prints; group 1 is its form. */
export const tsharkHeader = /^Follow: \w+,([\w-]+)[ \t]*$/

const node = /^Node ([01]): (.*):(\d+)\s*$/

/**
 * Split tshark's output into dumps: each header begins one. Lines before the first header are skipped (without -q,
 * tshark prints a packet list there). Without any header, all lines are one dump, as Wireshark saves it.
 */
function readSections(
  text: string,
  form: 'raw' | 'hex',
  read: (line: Line, dump: FollowBuilder) => void,
): FollowBuilder[] {
  const dumps: FollowBuilder[] = []
  let inside = !/^Follow: /m.test(text)
  if (inside) dumps.push(new FollowBuilder(form))
  for (const line of linesOf(text)) {
    if (tsharkHeader.test(line.text)) {
      dumps.push(new FollowBuilder(form))
      inside = true
      continue
    }
    const dump = dumps.at(-1)
    if (!inside || dump === undefined || /^\s*$|^Filter: /.test(line.text)) continue
    const [, number, host = '', port = ''] = node.exec(line.text) ?? []
    if (number !== undefined) dump.peers[Number(number) as End] = endpointOf(host, port)
    else if (/^={5,}\s*$/.test(line.text)) inside = false
    else read(line, dump)
  }
  return dumps
}

/**
 * Read what tshark -z follow,tcp,raw prints: a line of hex for each segment, after a tab if node 1 sent it.
 * @throws InputError for a line that is not hex.
 */
export function parseFollowRaw(text: string): FollowDump[] {
  return readSections(text, 'raw', (line, dump) => {
    const hex = line.text.trim()
    const column = line.text.length - line.text.trimStart().length
    const bad = hex.search(/[^0-9a-f]/i)
    if (bad >= 0) throw lineError(text, line, column + bad, 'is not hex')
    if (hex.length % 2 === 1) throw lineError(text, line, column + hex.length - 1, 'ends with half a byte')
    dump.add(column > 0 ? 1 : 0, fromHex(hex))
  })
}

/**
 * A row of the hex dump: indentation of node 1 (a tab in tshark, four blanks in Wireshark), offset, then columns of
 * fixed width.
 */
export const followHexRow = /^(\s*)([0-9a-f]{8,}) {2}(?=[0-9a-f]{2})/i
const hexColumns = 49
const fullRow = 16

/**
 * Read what tshark -z follow,tcp,hex prints and Wireshark saves. A segment ends with a short row or where the side
 * changes; a segment of a multiple of 16 bytes is joined with the next one of its side.
 * @throws InputError for a line that is not a row, and for an offset that does not continue its side.
 */
export function parseFollowHex(text: string): FollowDump[] {
  const open = new Map<FollowBuilder, {end: End; hex: string[]; sent: [number | undefined, number | undefined]}>()
  const close = (dump: FollowBuilder): void => {
    const state = open.get(dump)
    if (state === undefined || state.hex.length === 0) return
    dump.add(state.end, fromHex(state.hex.join('')))
    state.hex = []
  }
  const dumps = readSections(text, 'hex', (line, dump) => {
    const row = followHexRow.exec(line.text)
    if (row === null) throw lineError(text, line, 0, 'is not a row of a hex dump')
    const [all, indent = '', offset = ''] = row
    const end: End = indent === '' ? 0 : 1
    const shown = line.text.slice(all.length, all.length + hexColumns)
    const bad = shown.search(/[^0-9a-f ]/i)
    const hex = shown.replaceAll(' ', '')
    if (bad >= 0 || hex.length % 2 === 1)
      throw lineError(text, line, all.length + Math.max(0, bad), 'has a byte that is not hex')
    const state = open.get(dump) ?? {end, hex: [], sent: [undefined, undefined]}
    open.set(dump, state)
    if (state.end !== end) close(dump)
    state.end = end
    // A dump of a range of segments can start at any offset.
    const expected = (state.sent[end] ?? Number.parseInt(offset, 16)) % 2 ** 32
    if (Number.parseInt(offset, 16) !== expected) {
      throw lineError(
        text,
        line,
        indent.length,
        `has offset ${offset}, expected ${expected.toString(16).padStart(8, '0')}`,
      )
    }
    state.hex.push(hex)
    state.sent[end] = expected + hex.length / 2
    if (hex.length / 2 < fullRow) close(dump)
  })
  for (const dump of dumps) close(dump)
  return dumps
}

/** The start of one of Wireshark's C arrays: peer, running number, packet. */
export const peerArray = /\bpeer([01])_(\d+)\s*\[\d*\]\s*=\s*\{(?:\s*\/\*\s*Packet (\d+)\s*\*\/)?/

/**
 * Read Wireshark's "C Arrays": `char peer0_0[] = { /* Packet 4 *\/`, rows of `0x..`, `};`.
 * @throws InputError for an item that is not a byte.
 */
export function parseFollowArrays(text: string): FollowDump[] {
  const dump = new FollowBuilder('c_arrays')
  let current: {end: End; hex: string[]; packet: number | undefined} | undefined
  for (const line of linesOf(text)) {
    const start = peerArray.exec(line.text)
    if (start !== null)
      current = {end: Number(start[1]) as End, hex: [], packet: start[3] === undefined ? undefined : Number(start[3])}
    const from = start === null ? 0 : start.index + start[0].length
    const close = line.text.indexOf('}', from)
    if (current !== undefined) {
      for (const match of line.text.slice(from, close < 0 ? undefined : close).matchAll(/[^\s,]+/g)) {
        if (!/^0x[0-9a-f]{1,2}$/i.test(match[0]))
          throw lineError(
            text,
            line,
            from + match.index,
            `has ${JSON.stringify(match[0].slice(0, 16))}, which is not a byte`,
          )
        current.hex.push(match[0].slice(2).padStart(2, '0'))
      }
      if (close >= 0) {
        dump.add(current.end, fromHex(current.hex.join('')), null, current.packet)
        current = undefined
      }
    }
  }
  return [dump]
}

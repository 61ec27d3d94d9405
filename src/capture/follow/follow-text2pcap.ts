import type {End, Time} from '../../wire/chunk.js'
import {parseHexDump} from '../../wire/hex/hex-dump.js'
import {type Line, linesOf} from '../../wire/hex/hex-lines.js'
import {InputError} from '../../wire/input-error.js'
import {parseTime} from '../../wire/time.js'
import {FollowBuilder, type FollowDump, lineError} from './follow-dump.js'

/** The line before a packet: its direction, and perhaps its time. */
export const directionLine = /^\s*([IO])(?:\s+(\S.*?))?\s*$/

/**
 * Read hex dumps, each after a line `I` or `O` that may have a time, as text2pcap -D reads them. The first direction is
 * end 0.
 * @throws InputError for a mistake in a hex dump, with the line where its packet begins.
 */
export function parseText2pcap(text: string): FollowDump[] {
  const dump = new FollowBuilder('text2pcap')
  let first: string | undefined
  let current: {line: Line; end: End; time: Time | null; rows: string[]} | undefined
  const close = (): void => {
    if (current === undefined || current.rows.length === 0) return
    try {
      dump.add(current.end, parseHexDump(current.rows.join('\n')).bytes, current.time)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      throw new InputError(
        `the packet that begins in line ${current.line.number} of the stream dump: ${error.message}`,
        error.advice,
        'bad-stream',
      )
    }
  }
  for (const line of linesOf(text)) {
    if (/^\s*(?:#|$)/.test(line.text)) continue
    const direction = directionLine.exec(line.text)
    if (direction === null) {
      if (current === undefined) throw lineError(text, line, 0, 'comes before any line I or O')
      current.rows.push(line.text)
      continue
    }
    close()
    const [, side = '', time] = direction
    first ??= side
    current = {line, end: side === first ? 0 : 1, time: time === undefined ? null : (parseTime(time) ?? null), rows: []}
  }
  close()
  return [dump]
}

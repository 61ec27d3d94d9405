import {limits} from '../limits.js'
import type {Party, TcpConnection} from './connection-table.js'
import {distance} from './pending.js'
import {flag, type Segment} from './tcp-segment.js'

/** Whether a segment with the addresses and ports of a known connection begins another one. */
export function isReuse(connection: TcpConnection, party: Party, segment: Segment): boolean {
  const side = connection.sides[party]
  const other = connection.sides[party === 0 ? 1 : 0]
  if ((segment.flags & flag.syn) === 0) {
    if (!connection.finished || segment.end <= segment.start || !side.started) return false
    // Data far from where a closed connection ended: its SYN was not captured.
    const ahead = distance(segment.seq, side.next)
    return ahead > limits.reuseBytes || ahead < -limits.windowBytes
  }
  if (side.synSeen) return segment.seq !== side.syn
  // A SYN that was captured late, behind the segments that it opened the way for.
  if (side.started) return ((segment.seq + 1) | 0) !== side.first
  // The first that this side sends. After a close, or behind data of a side that nobody saw open, it belongs to another
  // connection.
  return connection.finished || ((segment.flags & flag.ack) === 0 && other.started && !other.synSeen)
}

import {limits} from '../limits.js'
import {distance} from './sequence.js'
import type {TcpDirection} from './tcp-connection.js'
import {flag, type Segment} from './tcp-segment.js'

/**
 * The SYN of a new connection with the addresses and ports of an open one, once this segment shows that its receiver
 * took it: an answer to it, or what follows it.
 */
export function confirmedSyn({strangeSyn: own, other}: TcpDirection, segment: Segment): Segment | undefined {
  const follows = own !== undefined && segment.seq === ((own.seq + 1) | 0) && (segment.flags & flag.syn) === 0
  if (follows) return other.strangeSyn && isBefore(other.strangeSyn, own) ? other.strangeSyn : own
  const {strangeSyn: asked} = other
  const isAnswer = asked !== undefined && (segment.flags & flag.ack) !== 0 && segment.ack === ((asked.seq + 1) | 0)
  return isAnswer ? asked : undefined
}

const isBefore = (one: Segment, other: Segment): boolean => one.packet < other.packet

/** Whether a segment with the addresses and ports of a known connection begins another one. */
export function isReuse(direction: TcpDirection, segment: Segment): boolean {
  const {connection, other} = direction
  if ((segment.flags & flag.syn) === 0) {
    if (!connection.isFinished || segment.end <= segment.start || !direction.isStarted) return false
    // Data far from where a closed connection ended: the SYN of the new one was not captured.
    const ahead = distance(segment.seq, direction.next)
    return ahead > limits.reuseBytes || ahead < -limits.windowBytes
  }
  if (direction.hasSyn) return segment.seq !== direction.syn
  // A SYN that was captured after the segments that follow it belongs to this connection.
  if (direction.isStarted) return ((segment.seq + 1) | 0) !== direction.first
  // The first segment of this direction. After a close, or after data of a direction whose SYN was not captured, it
  // belongs to another connection.
  return connection.isFinished || ((segment.flags & flag.ack) === 0 && other.isStarted && !other.hasSyn)
}

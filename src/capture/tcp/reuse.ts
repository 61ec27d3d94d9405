import {distance} from '../../wire/integers.js'
import {limits} from '../limits.js'
import type {TcpDirection} from './tcp-connection.js'
import {flag, type Segment} from './tcp-segment.js'

/**
 * The SYN of a new connection with the addresses and ports of an open one, once this segment shows that its receiver
 * took it: an answer to it, or what follows it. A segment that may as well be one of the open connection shows nothing.
 */
export function confirmedSyn(direction: TcpDirection, segment: Segment): Segment | undefined {
  const {strangeSyn: own, other} = direction
  const {strangeSyn: asked} = other
  const {seq, ack, flags} = segment
  const isSyn = (flags & flag.syn) !== 0
  const follows = own && !isSyn && seq === ((own.seq + 1) | 0) && !isWithin(direction, seq)
  if (follows) return asked && isBefore(asked, own) ? asked : own
  const answers = asked && (flags & flag.ack) !== 0 && ack === ((asked.seq + 1) | 0) && (isSyn || !isWithin(other, ack))
  return answers ? asked : undefined
}

/** Whether a number is one of the bytes of a direction until now, or that of its next byte. */
const isWithin = ({isStarted, first, next}: TcpDirection, seq: number): boolean =>
  isStarted && distance(seq, first) >= 0 && distance(seq, next) <= 0

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

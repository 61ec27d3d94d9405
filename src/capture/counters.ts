import {countText} from '../wire/text/phrases.js'

/** Counts of what a capture held, above all of what could not be made into chunks. */
export interface CaptureCounters {
  packets: number
  /**
   * Packets that may carry TCP and are not read, by what they are: `link type 147 (DLT_USER)`, `IPsec ESP`. At most
   * `limits.unreadKinds` kinds.
   */
  readonly unread: Map<string, number>
  /** Packets without IP, such as ARP. */
  notIp: number
  /** IP packets without TCP. */
  notTcp: number
  /** Packets whose captured bytes end inside a header. */
  cutShort: number
  /** Packets whose headers contradict themselves. */
  bad: number
  /** IP fragments, and datagrams of which fragments are missing. */
  fragments: number
  lostDatagrams: number
  /** TCP segments. */
  segments: number
  /** Segments whose payload the capture cut off. */
  cutSegments: number
  /** Segments that hold only bytes that came before. */
  retransmissions: number
  keepAlives: number
  /** Segments that came before earlier bytes of their stream. */
  outOfOrder: number
  /** Segments that hold other bytes for a place of the stream than an earlier segment. */
  conflicts: number
  /** Segments too far from the next byte to be believed. */
  outOfWindow: number
  /** Segments with data after the end of their direction. */
  afterClose: number
  /** Gaps, and the number of bytes missing in them. */
  gaps: number
  gapBytes: number
  /** Connections ended because too many were open. */
  evicted: number
}

/** How many packets may carry TCP and were not read, by kind: `4 of IPsec ESP`. Empty if all were read. */
export function unreadPackets({unread, cutShort, bad, lostDatagrams}: CaptureCounters): readonly string[] {
  return [
    ...[...unread].map(([kind, packets]) => `${packets} of ${kind}`),
    ...(cutShort > 0 ? [`${cutShort} cut off in their headers`] : []),
    ...(bad > 0 ? [`${bad} with damaged headers`] : []),
    ...(lostDatagrams > 0 ? [`${countText(lostDatagrams, 'datagram')} without all fragments`] : []),
  ]
}

export function zeroCounters(): CaptureCounters {
  return {
    packets: 0,
    unread: new Map(),
    notIp: 0,
    notTcp: 0,
    cutShort: 0,
    bad: 0,
    fragments: 0,
    lostDatagrams: 0,
    segments: 0,
    cutSegments: 0,
    retransmissions: 0,
    keepAlives: 0,
    outOfOrder: 0,
    conflicts: 0,
    outOfWindow: 0,
    afterClose: 0,
    gaps: 0,
    gapBytes: 0,
    evicted: 0,
  }
}

/** Counts of what a capture held, above all of what could not be made into chunks. */
export interface CaptureCounters {
  packets: number
  /** Packets of an unknown link type. */
  unknownLink: number
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

export function zeroCounters(): CaptureCounters {
  return {
    packets: 0,
    unknownLink: 0,
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

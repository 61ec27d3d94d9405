/** What was seen and not made into chunks, counted. */
export interface CaptureCounters {
  packets: number
  /** Packets of a link type that is not known here. */
  unknownLink: number
  /** Packets without IP: ARP and the like. */
  notIp: number
  /** IP packets without TCP. */
  notTcp: number
  /** Packets whose captured bytes end inside a header. */
  cutShort: number
  /** Packets whose headers contradict themselves. */
  bad: number
  /** IP fragments, and datagrams of which not all fragments came. */
  fragments: number
  lostDatagrams: number
  /** TCP segments. */
  segments: number
  /** Segments of which the capture cut off payload. */
  cutSegments: number
  /** Segments with nothing but bytes that were there already. */
  retransmissions: number
  keepAlives: number
  /** Segments ahead of bytes still awaited. */
  outOfOrder: number
  /** Segments with other bytes than the first ones. */
  conflicts: number
  /** Segments too far from the awaited byte to be believed. */
  outOfWindow: number
  /** Segments with data behind the end of their side. */
  afterClose: number
  /** Gaps, and the bytes that they stand for. */
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

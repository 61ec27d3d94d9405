/**
 * Limits on what a capture can make the reader hold or search. What is dropped at a limit is counted in
 * `CaptureCounters`, or ends the reading with an error.
 */
export const limits = {
  /**
   * Most captured bytes of one packet. Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD and tcpdump's largest snaplen; a
   * record that claims more is damaged.
   */
  packetBytes: 262_144,
  /**
   * Most bytes of one pcapng block that has to be held whole. Wireshark's MAX_BLOCK_SIZE. Blocks that are skipped may
   * be longer.
   */
  blockBytes: 16 * 1024 * 1024,
  /** Most interfaces of one pcapng section; later ones are unknown links. */
  interfaces: 4096,

  /** Most headers between the link header and the IP packet: VLAN tags, MPLS, Ethernet inside Ethernet. */
  linkHeaders: 8,
  /** Most MPLS labels in a row. */
  mplsLabels: 16,
  /** Most tunnels around one IP packet. */
  tunnels: 8,
  /** Most kinds of packets that are not read and counted apart, such as link types; more are counted together. */
  unreadKinds: 32,
  /** Most extension headers of one IPv6 packet. */
  extensionHeaders: 16,

  /** Most IP datagrams waiting for fragments; the oldest is given up. */
  datagrams: 256,
  /** Most bytes of all fragments that wait; the oldest datagrams are given up. */
  fragmentBytes: 4 * 1024 * 1024,
  /** Most fragments of one datagram; then it is given up. With the smallest usual MTU (576), 65,535 bytes are 120. */
  fragments: 1024,
  /** Microseconds of capture time that a datagram waits for its fragments. RFC 1122 3.3.2: 60 to 120 s at most. */
  fragmentMicros: 60_000_000,

  /** Most connections known at a time; then the one that has been silent longest is ended. */
  connections: 8192,
  /**
   * Most closed connections remembered, so that their last acknowledgements are not taken for new connections; the
   * oldest is forgotten.
   */
  closedConnections: 4096,
  /** Most connections with one hash: limits the search that forged ports and addresses can cause. */
  chain: 64,

  /**
   * Largest distance of a segment from the next awaited byte, in either direction. Above any receive window in use (the
   * largest default on Linux is 6 MiB).
   */
  windowBytes: 16 * 1024 * 1024,
  /**
   * Data this many bytes past the end of a closed connection belongs to a new one with the same ports. Linux increases
   * initial sequence numbers every 64 ns, so a new connection is this far on after 65 ms.
   */
  reuseBytes: 1024 * 1024,
  /** Microseconds of capture time after which a host that had accepted a RST would not have spoken any more. */
  resetMicros: 1_000_000,
  /** Bytes that a waiting segment or fragment counts besides its payload: about the memory of its objects. */
  keepingBytes: 512,
  /** Most bytes of one direction that wait for missing ones; then the missing ones are given up. */
  pendingBytes: 4 * 1024 * 1024,
  /** Most segments of one direction that wait for missing bytes; then those are given up. */
  pendingSegments: 4096,
  /** Most bytes that wait in all connections together. */
  pendingTotalBytes: 16 * 1024 * 1024,
  /**
   * Segments of the connection after which bytes that were acknowledged but not captured are given up. Captures from
   * several network queues have packets late and out of order.
   */
  patienceSegments: 256,
  /** Fewer segments (patienceLeastSegments) are enough after this many microseconds of capture time. */
  patienceMicros: 250_000,
  patienceLeastSegments: 32,
  /** The same by capture time alone. */
  patienceMostMicros: 120_000_000,
  /**
   * Microseconds of capture time after which missing bytes are given up that were not acknowledged, or whose sender has
   * closed: perhaps no more packets come.
   */
  unacknowledgedMicros: 30_000_000,
  /**
   * Most delivered bytes of one direction that are kept to compare retransmissions with: as many as the largest segment
   * has. A power of two.
   */
  historyBytes: 65_536,
  /** Most segments that brought these bytes of which is known which packet it was, and its checksum. A power of two. */
  historySegments: 64,
  /**
   * Segments of one direction whose checksums are looked at until one is right; if none of them is, its host does not
   * compute them, or something changed the packets since, and wrong ones mean nothing.
   */
  checkedSegments: 16,
  /** Most directions with such a history at a time; the others are not compared. */
  histories: 512,
} as const

/**
 * Bounds on what a capture may make this room hold or search. What is dropped at one is counted in `TcpCounters`, or
 * ends the reading with a sentence.
 */
export const limits = {
  /**
   * Most captured bytes of one packet. Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD and tcpdump's largest snaplen; a
   * record that claims more is damage.
   */
  packetBytes: 262_144,
  /**
   * Most bytes of one pcapng block that has to be held whole. Wireshark's MAX_BLOCK_SIZE. Blocks that are skipped may
   * be longer.
   */
  blockBytes: 16 * 1024 * 1024,
  /** Most interfaces of one pcapng section; later ones are unknown links. */
  interfaces: 4096,

  /** Most VLAN tags of one frame. */
  vlanTags: 8,
  /** Most extension headers of one IPv6 packet. */
  extensionHeaders: 16,

  /** Most IP datagrams waiting for fragments; the oldest goes. */
  datagrams: 256,
  /** Most bytes of all fragments that wait; the oldest datagrams go. */
  fragmentBytes: 4 * 1024 * 1024,
  /** Most fragments of one datagram; it is given up. 65,535 bytes in the least pieces that links cut (576) are 120. */
  fragments: 1024,
  /** Microseconds of capture time that a datagram waits for its fragments. RFC 1122 3.3.2: 60 to 120 s at most. */
  fragmentMicros: 60_000_000,

  /** Most connections known at a time; the one longest silent is ended. */
  connections: 16_384,
  /**
   * Most closed connections remembered, so that their last acknowledgements are not taken for new ones; the oldest is
   * forgotten.
   */
  closedConnections: 4096,
  /** Most connections under one hash value: a bound on the search that forged ports and addresses can cause. */
  chain: 64,

  /**
   * Farthest that a segment may lie from the next awaited byte, before or behind. Above any receive window in use
   * (Linux' largest default is 6 MiB).
   */
  windowBytes: 16 * 1024 * 1024,
  /**
   * Bytes beyond the end of a closed connection from which on data is another's, between the same ports. Linux begins
   * it that far on after 65 ms: its numbers follow a clock of 64 ns.
   */
  reuseBytes: 1024 * 1024,
  /** What each waiting segment or fragment counts besides its bytes: about what its objects take. */
  keepingBytes: 512,
  /** Most bytes of one side that wait behind missing ones; then the missing ones are given up. */
  pendingBytes: 4 * 1024 * 1024,
  /** Most segments of one side that wait behind missing bytes; then those are given up. */
  pendingSegments: 4096,
  /** Most bytes that wait in all connections together. */
  pendingTotalBytes: 16 * 1024 * 1024,
  /**
   * Segments of the connection after which bytes that were acknowledged, but not seen, are given up. Captures of
   * several queues have them late and out of order.
   */
  patienceSegments: 256,
  /** Fewer are enough once so much capture time has passed as well, in microseconds. */
  patienceMicros: 250_000,
  patienceLeastSegments: 32,
  /** The same in time alone. */
  patienceMostMicros: 120_000_000,
  /**
   * Microseconds of capture time after which missing bytes are given up that nobody acknowledged, or of a side that has
   * closed: nothing more may come.
   */
  unacknowledgedMicros: 30_000_000,
  /** Most delivered bytes of one side that are kept to compare retransmissions with. A power of two. */
  historyBytes: 16_384,
  /** Most sides with such a history at a time; others are not compared. */
  histories: 1024,
} as const

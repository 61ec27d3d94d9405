/**
 * Most bytes of one direction that wait inside the proxy (for a delay, a rate, a slow receiver's socket) before the
 * sender's socket is not read any further.
 */
export const waitingBytes = 256 * 1024

/**
 * Most bytes that wait for inspection, over all connections. Bytes over the limit are forwarded all the same and shown
 * as a gap.
 */
export const uninspectedBytes = 64 * 1024 * 1024

/** Most pieces that wait for inspection, over all connections: a tiny segment needs more memory than its bytes. */
export const uninspectedPieces = 500_000

/**
 * Milliseconds for which events are gathered before they are sent to the inspecting thread. Nobody sees such a delay of
 * what is shown, and with 1 ms the messages between the threads cost each packet as much as half of its forwarding.
 */
export const gatheringMilliseconds = 10

/**
 * Bytes of gathered events that are sent without waiting, once the next event comes. The memory of a message is free
 * when all of it is inspected: after several megabytes the thread collects its whole heap, which takes as much time as
 * inspecting them.
 */
export const gatheredBytes = 256 * 1024

/**
 * Milliseconds of inspection in one turn of the event loop: the most latency that a flood of packets adds to other
 * connections.
 */
export const inspectedMilliseconds = 4

/** Most bytes of a SOCKS5 greeting (257), login (513) and request (4, 256, 2). */
export const socksRequest = 1032

/** Most bytes of an HTTP CONNECT request with all its headers. */
export const httpRequest = 8192

/** Most characters of a host name in a request. RFC 1035 section 2.3.4. */
export const hostName = 255

/**
 * Default for the number of connections served at once. A connection needs two sockets; many systems allow 1024 open
 * files.
 */
export const connections = 500

/**
 * Default time limit from accepting a connection until bytes can flow: proxy request, name resolution, connecting.
 */
export const handshakeSeconds = 30

/**
 * Default time without a byte in either direction after which a connection is ended. Tox peers ping every 30 s.
 */
export const idleSeconds = 600

/** Most secret keys that are tried on one client's handshake. */
export const secrets = 1024

/**
 * Descriptors that must be free when a connection is accepted: for its relay, the next connection, and the next file of
 * a recording.
 */
export const spareDescriptors = 4

/** Most addresses to listen on. */
export const listeners = 64

/**
 * Most connections that wait while the proxy listens already but does not serve yet, which lasts less than a second.
 */
export const earlyConnections = 500

/**
 * Time that peers have to read what was written when the proxy ends a connection; and time to reach the relay of a
 * client that has ended its stream.
 */
export const lingerSeconds = 1

/**
 * Time without a byte after which an unfinished client handshake is passed on unchanged. A real client sends its
 * handshake in one piece.
 */
export const partialHandshakeSeconds = 1

/**
 * Most bytes of one recorded TCP segment; bytes that were read from a socket at once become one segment if they fit.
 * An IP packet has at most 65,535.
 */
export const recordedSegment = 65_000

/** Most recorded bytes that wait for the reader of a named pipe; over the limit, recording stops. */
export const pipedBytes = 16 * 1024 * 1024

/** Most frames of one side whose annotations wait for the frame's record. */
export const annotatedFrames = 4096

/** Most notes in the comment of one recorded packet, and most that wait for the next packet of a connection. */
export const notesPerPacket = 64

/** Most packets of a recording whose notes wait for their records. */
export const commentedPackets = 65_536

/** Most packets held back from display while it is unknown whether a connection is Tox. */
export const heldPackets = 64

/**
 * Longest delay of a packet by a script. No Tox peer waits that long for anything; a Node timer of more than 2^31 ms
 * fires at once.
 */
export const delayMilliseconds = 3_600_000

/** Most packets of one connection that a script can delay at the same time. More packets pass undelayed. */
export const delayedPackets = 4096

/** Most packets that a script can send each way for one packet. */
export const packetsOfScript = 1024

/** Most packets that are held by hand at a time, over all connections; more pass. */
export const heldByHand = 1000

/** Most connections to which packets can be sent by hand, the latest. */
export const handConnections = 1000

/** Most orders about packets that wait at a time. */
export const handOrders = 100

/** Most characters shown of an error that a script threw. */
export const thrownCharacters = 500

/** Most different reasons for not intercepting that are shown on standard error; all of them are findings. */
export const shownReasons = 16

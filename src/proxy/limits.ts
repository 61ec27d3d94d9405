/**
 * Most bytes of one direction that wait inside the proxy (for a delay, a rate, a slow receiver's socket) before the
 * sender's socket is no longer read.
 */
export const waitingBytes = 256 * 1024

/**
 * Most bytes that wait for inspection, over all connections. What comes beyond is forwarded all the same and shown as a
 * gap.
 */
export const uninspectedBytes = 64 * 1024 * 1024

/** Most pieces that wait for inspection, over all connections: tiny segments weigh more than their bytes. */
export const uninspectedPieces = 500_000

/** Milliseconds for which events are gathered before another thread is given them. */
export const gatheringMilliseconds = 1

/**
 * Milliseconds of inspecting before the sockets get their turn again: the most that a flood of packets adds to the
 * latency of others.
 */
export const inspectedMilliseconds = 4

/** Most bytes of a SOCKS5 greeting and request: 257, 4, 256, 2. */
export const socksRequest = 519

/** Most bytes of an HTTP CONNECT request with all its headers. */
export const httpRequest = 8192

/** Most characters of a host name in a request. RFC 1035 section 2.3.4. */
export const hostName = 255

/**
 * Connections served at once if nobody says otherwise. A connection costs two sockets; many systems allow 1024 open
 * files.
 */
export const connections = 500

/**
 * Time from accepting a connection until bytes can flow, if nobody says otherwise: proxy request, name resolution,
 * connecting.
 */
export const handshakeSeconds = 30

/**
 * Time without a byte in either direction after which a connection is ended, if nobody says otherwise. Tox ends ping
 * every 30 s.
 */
export const idleSeconds = 600

/** Most relay and client secrets that are tried on one client's handshake. */
export const secrets = 1024

/** Most sockets that one proxy listens on. */
export const listeners = 64

/**
 * Most connections that wait for a proxy which listens already and does not serve yet; that takes less than a second.
 */
export const earlyConnections = 500

/** Time that peers get to take what was written when the proxy ends a connection. */
export const lingerSeconds = 1

/**
 * Time without a byte after which part of a client's handshake is passed on as it is. A real client sends its handshake
 * in one piece.
 */
export const partialHandshakeSeconds = 1

/**
 * Most bytes of one recorded TCP segment; what was read from a socket at once is one segment where it fits. An IP
 * packet has at most 65,535.
 */
export const recordedSegment = 65_000

/** Most recorded bytes that wait for the reader of a named pipe; then nothing more is recorded. */
export const untakenBytes = 16 * 1024 * 1024

/** First chunks of a connection that is still sealed before each of which its key log is looked at. */
export const keyLogLooks = 256

/** Milliseconds between looks at a key log after that. */
export const keyLogPatience = 250

/** Most marks of one side of a connection that wait for their frame to be looked at. */
export const marks = 4096

/** Most packets off the client's leg that are kept until it is known whether a connection is Tox. */
export const heldPackets = 64

/**
 * Longest that a script can keep a packet back. No end of Tox waits that long for anything; a timer of node that is set
 * to more than 2^31 runs at once.
 */
export const delayMilliseconds = 3_600_000

/** Most packets of one connection that a script keeps back at a time. What comes beyond passes. */
export const keptBack = 4096

/** Most characters that are shown of what a script threw. */
export const thrownCharacters = 500

/** Most reasons not to intercept that are told in sentences of their own; all are findings. */
export const toldReasons = 16

/** Default time limit for each step: connecting, a handshake, an answer. c-toxcore TCP_CONNECTION_TIMEOUT. */
export const stepSeconds = 10

/** Pings that are timed unless the user says otherwise. */
export const pings = 3

/** Most pings that are timed. */
export const mostPings = 1000

/** Milliseconds that a service has to react to each of the inputs that show what it is. */
export const reactionMilliseconds = 2500

/** Milliseconds for which a relay must keep a connection with an incomplete handshake. */
export const incompleteMilliseconds = 500

/** Bytes of a ping and of a pong. */
export const pingBytes = 9

/** Most packets of the other end that wait to be read; an end that sends more has its connection closed. */
export const waitingPackets = 4096

/** Bytes of an answer that is not a handshake which are kept to see what service it is. */
export const bannerBytes = 512

/** Characters of such an answer that are shown. */
export const bannerCharacters = 60

/** Most addresses of one host name that are tried. */
export const addresses = 8

/** Most relays of one list. */
export const relays = 10_000

/** Most relays that are probed at the same time. */
export const jobs = 64

/** Relays that are begun in a second, unless the user says otherwise. */
export const relaysPerSecond = 5

/** Most different rules that a relay breaks which are reported. */
export const brokenRules = 32

/** Connections of the suite at the same time, without those of its second clients. */
export const suiteConnections = 10

/** Milliseconds that a relay has to send its own ping: c-toxcore and tox-rs send it after 30 s. */
export const relayPingMilliseconds = 40_000

/** Milliseconds that the relay and the loopback interface have for an onion request and its response. */
export const onionMilliseconds = 1500

/** Connections of clients that wait until the one before is done; more are closed at once. */
export const waitingClients = 64

/**
 * Connections of other clients that are served beside the client that is tested, as its friends connect to the same
 * relay; more are closed at once.
 */
export const otherClients = 8

/** Connections in a row that do not come as far as an answered ping, after which a client is given up. */
export const vainConnections = 20

/**
 * Milliseconds between a client's first pong and a case. A c-toxcore client that loses a relay in the same iteration in
 * which the connection was confirmed forgets it (TCP_connection.c, do_tcp_conns); iterations are up to 50 ms apart.
 */
export const settledMilliseconds = 200

/** Milliseconds that a client has to close on the wrong packet that ends a case. */
export const farewellMilliseconds = 1000

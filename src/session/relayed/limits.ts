/** Packets from one peer to another that wait for their arrival; beyond it the oldest is forgotten. */
export const waitingPackets = 512

/** Peers of one client whose packets wait for their arrival. */
export const waitingPeers = 1024

/** Packets that arrived before they were seen to be sent, by the pair of peers: they show that times disagree. */
export const earlyArrivals = 16

/**
 * First bytes of a packet's data that are compared, where only its first bytes were decrypted. A list decrypts 160
 * bytes of each packet, of which an OobSend has 33 before its data.
 */
export const comparedBytes = 120

/** Seconds after which a notification that the relay should have sent at once is missing. */
export const notificationSeconds = 1

/**
 * The same where a client closed its connection: a c-toxcore relay that polls notices that by an unanswered ping alone,
 * at most 40 s later.
 */
export const closedClientSeconds = 60

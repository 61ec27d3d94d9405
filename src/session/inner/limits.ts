/** Most keys that are remembered by what they opened: by a public key in a packet, by a peer, by a sendback. */
export const rememberedKeys = 32_768

/** Trials of keys that a run starts with; a connection and its bytes add to it. About a third of a second. */
export const searchTrials = 500_000

/**
 * Trials that a run starts with for shared keys of public keys that packets name, of which each costs 150: enough for
 * 16,384 of them, about 1.3 seconds.
 */
export const namedTrials = 16_384 * 150

/** Bytes of packets that add one such trial: a packet of 300 bytes adds one shared key. */
export const bytesPerNamedTrial = 2

/** Most logged keys naming one public key of a box that are tried on it whatever the budget, oldest first. */
export const triedLoggedKeys = 64

/**
 * Logged net_crypto sessions that are tried on the first crypto data after a handshake whatever the search budget:
 * those whose base nonce is the nearest before that of the packet.
 */
export const nearestSessions = 256

/** Most real keys that are remembered by the DHT key of their owner: two for each session that is followed. */
export const rememberedPeers = 2 * 10_000

/** Most public keys of others that are tried with the secret keys at hand, where a packet names none. */
export const triedPublicKeys = 64

/** Most net_crypto sessions that are followed at once; the one that was silent for longest is dropped first. */
export const cryptoSessions = 10_000

/** Handshakes of either peer from which the sessions of a pair of peers are made, newest first. */
export const handshakesPerPeer = 4

/** Sessions of one peer, the newest, that end with its last connection. A client has a few hundred friends. */
export const sessionsPerPeer = 1024

/** Sessions of one pair of peers that are tried on its crypto data, the last one that opened something first. */
export const sessionsPerPair = 8

/** Sessions of other pairs that are tried on crypto data of peers that are not known, the newest first. */
export const recentSessions = 16

/**
 * Rounds of 65,536 packets that may be missing before a crypto data packet: its nonce is rebuilt from the low 16 bits.
 */
export const missedRounds = 16

/**
 * A receiver moves its base nonce on by this much once a packet is twice as far ahead. c-toxcore DATA_NUM_THRESHOLD.
 */
export const nonceStep = 21_845

/** Sealed requests of a connection that a sealed response may answer: their keys are named. */
export const sealedRequests = 8

/** Packets between peers that are remembered, so that one seen at both ends or sent again counts once. */
export const rememberedPackets = 262_144

/** Lossless packets of one peer that wait for their acknowledgement with the time of their sending. */
export const awaitedPackets = 256

/** Gaps in the packet numbers of one peer that are remembered; of what is before older ones, nothing is known. */
export const numberGaps = 256

/** File transfers that are followed at once; the oldest is forgotten first. */
export const followedTransfers = 10_000

/**
 * Parts of all files whose offset is not known, as a packet before them has not come; with more, it stays unknown in
 * the file that has waited for longest.
 */
export const waitingParts = 65_536

/** Keys that are tried on one cookie. */
export const cookieKeys = 256

/** Senders to one member of a group each, whose fragments are put together; the one silent for longest is forgotten. */
export const fragmentedStreams = 1000

/**
 * Lossless packets of one sender to one member that are remembered, to put fragments together. c-toxcore
 * GCC_BUFFER_SIZE.
 */
export const groupMessages = 2048

/** Bytes of all fragments that are remembered. */
export const fragmentBytes = 33_554_432

/** Most secret keys that one keyring holds. A busy relay's log has a few thousand. */
export const keyringSecretKeys = 100_000

/**
 * Most relay public keys, and most bare shared keys, that one keyring holds: each is tried in turn, so there is no use
 * in many.
 */
export const keyringTriedKeys = 1000

/** Most TOX_TCP_SESSION lines that one keyring holds: about 700 bytes each in memory. */
export const keyringTcpSessions = 250_000

/** Most TOX_CRYPTO_SESSION lines that one keyring holds. */
export const keyringCryptoSessions = 250_000

/** Most TOX_SHARED_KEY lines that one keyring holds. */
export const keyringPairKeys = 250_000

/** Most friends read from a save. */
export const saveFriends = 1000

/**
 * Most bytes of a key file. A save of a client with thousands of friends has a few MB; a key log of keyringTcpSessions
 * lines about 80 MB.
 */
export const keyFileBytes = 128 * 1024 * 1024

/**
 * Most characters of one key log line; a session line has 313. What is longer is a bad line, and a half line is not
 * kept beyond this.
 */
export const keyLogLine = 4096

/** Most bad or unknown key log lines that are described one by one; the rest are counted. */
export const keyLogDescribed = 10

/** Most groups read from a save, and most nested values of one group. */
export const saveGroups = 1000
export const saveValues = 10_000

/** Most shared keys that are kept for the next connection between the same keys: about 300 bytes each in memory. */
export const cachedSharedKeys = 32_768

/**
 * Trials of keys and nonces that one run makes before it stops searching, for about a second. A frame after a long gap
 * needs up to 65,536 of them, and one connection makes at most a million.
 */
export const searchTrials = 1_500_000

/** Trials that each connection adds, so that a long capture is read to its end: 54 secret keys tried on a handshake. */
export const searchTrialsPerConnection = 8192

/** Bytes of connections that add one trial. */
export const bytesPerSearchTrial = 8

/** Trials that working out a shared key counts for. Measured: 79 us, where a frame that does not open takes 0.44. */
export const trialsForSharedKey = 150

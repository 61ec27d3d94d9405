/** Maximum number of secret keys in a keyring. The log of a busy relay has a few thousand. */
export const keyringSecretKeys = 100_000

/**
 * Maximum number of relay public keys, and of bare shared keys, in a keyring. Each is tried in turn, so many are of
 * little use.
 */
export const keyringTriedKeys = 1000

/** Maximum number of TOX_TCP_SESSION lines in a keyring. Each uses about 700 bytes of memory. */
export const keyringTcpSessions = 250_000

/** Maximum number of TOX_CRYPTO_SESSION lines in a keyring. */
export const keyringCryptoSessions = 250_000

/** Most TOX_SHARED_KEY lines that one keyring holds. */
export const keyringPairKeys = 250_000

/** Most friends read from a save. */
export const saveFriends = 1000

/**
 * Maximum size of a key file in bytes. A save of a client with thousands of friends has a few MB; a key log of keyringTcpSessions
 * lines about 80 MB.
 */
export const keyFileBytes = 128 * 1024 * 1024

/**
 * Maximum length of a key log line in characters; a session line has 313. A longer line is bad, and its characters are
 * not kept.
 */
export const keyLogLine = 4096

/** Maximum number of bad key log lines that are described one by one; the rest are counted. */
export const keyLogDescribed = 10

/** Maximum number of groups read from a save, and of values in its list of groups. */
export const saveGroups = 1000
export const saveValues = 10_000

/** Maximum number of shared keys kept for later connections between the same keys, about 300 bytes of memory each. */
export const cachedSharedKeys = 32_768

/**
 * Trials of keys and nonces that a run starts with; they take about a second. A frame after a long gap needs up to 65,536
 * of them, and one connection makes at most a million.
 */
export const searchTrials = 1_500_000

/** Trials added by each connection, enough to try 54 secret keys on its handshake. */
export const searchTrialsPerConnection = 8192

/** Number of bytes of Tox connections that add one trial. */
export const bytesPerSearchTrial = 8

/** Cost of computing a shared key in trials. Measured: 79 us, while a short frame that does not open needs 0.44 us. */
export const trialsForSharedKey = 150

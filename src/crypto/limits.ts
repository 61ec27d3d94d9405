/**
 * Maximum number of keys and session lines of all kinds in a keyring, about 3 kB of memory each. The log of a busy
 * relay has a few thousand.
 */
export const keyringKeys = 50_000

/**
 * Maximum number of relay public keys, and of bare shared keys, in a keyring. Each is tried in turn: more
 * would only take longer.
 */
export const keyringTriedKeys = 1000

/** Maximum number of friends that are read from a save. */
export const saveFriends = 1000

/**
 * Maximum number of keys that all threads besides the first hold together: each has those of the ring again, at about
 * 2 KB. With more keys there are fewer threads.
 */
export const threadKeys = 5000

/** Maximum size of a key file in bytes that is held whole. The save of a client with many friends has a few MB. */
export const keyFileBytes = 32 * 1024 * 1024

/** Size of a key log in bytes above which it is read line by line, and its maximum size. */
export const longKeyLogBytes = 1024 * 1024
export const keyLogBytes = 1024 * 1024 * 1024

/**
 * Maximum length of a key log line in characters; a session line has 313. A longer line is bad, and its characters are
 * not kept.
 */
export const keyLogLine = 4096

/** Maximum number of bad key log lines that are described one by one; the rest are counted. */
export const keyLogDescribed = 10

/** Maximum number of values in the list of groups of a save; a group has about 40. */
export const saveValues = 10_000

/** Maximum number of shared keys kept for later connections between the same keys, about 300 bytes of memory each. */
export const cachedSharedKeys = 32_768

/**
 * Trials of keys and nonces that a run starts with; they take about a second. A frame after a long gap needs up to
 * 65,536 of them, and one connection makes at most a million.
 */
export const searchTrials = 1_500_000

/** Trials that the first connection of a run may make besides those below; each later one may make fewer. */
export const firstConnectionTrials = 1_000_000

/** Trials added by each connection, enough to try three secret keys on its handshake. */
export const searchTrialsPerConnection = 500

/** Maximum number of secret keys with which worker threads are used: more are tried on one thread, likeliest first. */
export const threadSecretKeys = 3

/** Number of bytes of Tox connections that add one trial. */
export const bytesPerSearchTrial = 32

/** Cost of computing a shared key in trials. Measured: 79 us, while a short frame that does not open needs 0.44 us. */
export const trialsForSharedKey = 150

/** Most characters of one stream dump; close to the most that a string can hold. */
export const followText = 500_000_000

/** Most segments of one stream dump: as many pieces as a stream has that is held at once. */
export const followSegments = 150_000

/** Most connections in one stream dump; tcpflow prints all connections of a capture at once. */
export const followConnections = 10_000

/** Characters at the start of a text from which its form is recognised. */
export const followProbe = 65_536

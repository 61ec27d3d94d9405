/** Most characters of one stream dump; near what one string can hold. */
export const followText = 500_000_000

/** Most segments of one stream dump. */
export const followSegments = 4_000_000

/** Most connections in one stream dump; tcpflow prints all of a capture in one go. */
export const followConnections = 10_000

/** Characters at the front of a text that are looked at to tell its form. */
export const followProbe = 65_536

/** Packets that are remembered so that one sent again, or seen at a second relay, counts once; more: the oldest go. */
export const seenPackets = 262_144
/** Peers of which name, real key and session are remembered. */
export const peers = 16_384
/** File transfers that are followed at once. */
export const transfers = 4096
/** Bytes of all files that are kept to be exported. */
export const exportedBytes = 512 * 1024 * 1024

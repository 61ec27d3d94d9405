/** Packets that are remembered so that one sent again, or seen at a second relay, counts once; more: the oldest go. */
export const seenPackets = 262_144
/** Peers of which name, real key and session are remembered. */
export const peers = 16_384
/** Names, texts and states that are remembered of one peer toward another, so that the same is not said again. */
export const saidProfiles = 65_536
/** Sayings of members of groups that are remembered, so that one sent to each other member is shown once. */
export const groupSayings = 16_384
/** Conferences with the same message and the same numbers that are remembered; more: the oldest is forgotten. */
export const sameSayings = 8
/** Clients of which it is remembered that they had a message of a conference. */
export const heardClients = 64
/** Conferences that turned out to be the same one and of which members are remembered. */
export const joinedConferences = 8
/** File transfers that are followed at once; the oldest is forgotten first. */
export const transfers = 4096
/** Files that are kept to be exported, and bytes and packets of all of them. */
export const exportedTransfers = 4096
export const exportedBytes = 512 * 1024 * 1024
export const exportedParts = 400_000

import {keyringKeys} from '../crypto/limits.js'

/** Connections of a part of a capture of which it is remembered what the part does not show, about 1 kB each. */
export const markedConnections = 32_768

/** Connections without a record of which the first packet in a part is remembered. */
export const earlyConnections = 32_768

/** Most keys of connections that a capture file is given: a reader holds no more keys. */
export const embeddedSessions = keyringKeys

/** Most keys of boxes inside packets that a capture file is given, which leaves a reader room for others. */
export const embeddedInnerKeys = 40_000

/** Connections in which those keys opened something before anything of them was chosen, over all keys. */
export const unchosenPlaces = 262_144

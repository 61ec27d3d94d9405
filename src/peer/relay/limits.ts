import {limits} from '../../protocol/limits.js'

/** Default for the number of connections to a relay. */
export const relayClients = 4096

/**
 * Default for the clients that have not sent a good frame yet. One more replaces the oldest of them. c-toxcore keeps
 * limits.incomingConnections; a relay whose clients all come at once needs more.
 */
export const unconfirmedClients = 4 * limits.incomingConnections

/** Default for the clients of one IP address other than this machine's own. */
export const clientsPerAddress = 256

/**
 * Bytes that wait for one slow client before data for it is dropped: data, out-of-band data, answers that came by UDP.
 */
export const queuedDataBytes = 256 * 1024

/**
 * Bytes that wait for one slow client before it is closed. Only control packets (answers to routes, notifications,
 * pings, pongs) are still queued over `queuedDataBytes`: they are never dropped.
 */
export const queuedBytes = 512 * 1024

import {connect, type Socket} from 'node:net'
import type {Address} from '../explicit/address.js'
import {type DialFailure, dialFailure} from '../explicit/destination.js'

/** A connection that came about, or why it did not. */
export type Dialled =
  | {readonly kind: 'connected'; readonly socket: Socket}
  | {readonly kind: 'failed'; readonly cause: DialFailure; readonly detail: string}

/**
 * Connect to a relay; names are resolved, and their addresses tried in turn.
 * @returns the outcome, and the socket at once, so that it can be destroyed: then the outcome is a failure.
 */
export const dial = (address: Address): {readonly socket: Socket; readonly outcome: Promise<Dialled>} => {
  const socket = connect({...address, allowHalfOpen: true, noDelay: true})
  const outcome = new Promise<Dialled>(done => {
    socket.once('connect', () => done({kind: 'connected', socket}))
    // Stays for good: an error between two users of the socket must not end the process.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done({kind: 'failed', cause: dialFailure(error.code), detail: error.message || String(error.code)}),
    )
    socket.once('close', () => done({kind: 'failed', cause: 'failed', detail: 'the connection was given up'}))
  })
  return {socket, outcome}
}

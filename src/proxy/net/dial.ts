import {connect, type Socket} from 'node:net'
import type {Address} from '../explicit/address.js'
import {type DialFailure, dialFailure} from '../explicit/destination.js'

/** An established connection, or why connecting failed. */
export type Dialled =
  | {readonly kind: 'connected'; readonly socket: Socket}
  | {readonly kind: 'failed'; readonly cause: DialFailure; readonly detail: string}

/**
 * Connect to a relay; names are resolved, and their addresses tried in turn.
 * @returns the outcome, and at once the socket, which may be destroyed; then the outcome is a failure.
 */
export const dial = (address: Address): {readonly socket: Socket; readonly outcome: Promise<Dialled>} => {
  const socket = connect({...address, allowHalfOpen: true, noDelay: true})
  const outcome = new Promise<Dialled>(done => {
    socket.once('connect', () => done({kind: 'connected', socket}))
    // This listener stays: an error while nobody else listens must not end the process.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done({kind: 'failed', cause: dialFailure(error.code), detail: error.message || String(error.code)}),
    )
    socket.once('close', () => done({kind: 'failed', cause: 'failed', detail: 'the connection was given up'}))
  })
  return {socket, outcome}
}

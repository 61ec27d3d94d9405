import type {Socket} from 'node:net'

/**
 * Reset a connection (RST) and forget it. While an end of stream is being handed to the system libuv refuses to reset,
 * and node then never closes the socket: there the end, which takes no longer than a turn of the event loop, goes
 * first.
 */
export const reset = (socket: Socket): void => {
  const isEnding = socket.writableEnded && socket.writableLength === 0 && !socket.writableFinished && !socket.destroyed
  if (isEnding) socket.once('finish', () => socket.resetAndDestroy())
  else socket.resetAndDestroy()
}

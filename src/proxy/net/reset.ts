import type {SideSocket} from './side-socket.js'

/**
 * Reset a connection (RST). While a FIN is being handed to the system libuv refuses to reset, and Node then never
 * closes the socket: in that case the reset waits for the FIN, which takes at most a turn of the event loop.
 */
export const reset = (socket: SideSocket): void => {
  const isEnding = socket.writableEnded && socket.writableLength === 0 && !socket.writableFinished && !socket.destroyed
  if (isEnding) socket.once('finish', () => socket.resetAndDestroy())
  else socket.resetAndDestroy()
}

import type {Duplex} from 'node:stream'

/** One side of a connection: a socket, or the end of the embedded relay. */
export type SideSocket = Duplex & {
  setTimeout(milliseconds: number, idle: () => void): unknown
  resetAndDestroy(): unknown
}

import type {ProxyEvent, Via} from '../../src/proxy/inspection/proxy-event.js'
import type {Time} from '../../src/wire/chunk.js'

export const client = {ip: '127.0.0.1', port: 40_000}
export const relay = {ip: '127.0.0.1', port: 33_445}

let micros = 1_795_399_252_000_000

/** A clock that advances by a millisecond with each reading. */
export const now = (): Time => {
  micros += 1000
  return {micros, nanos: 0}
}

/** Events of a connection that reached its relay. */
export const begun = (connection: number, via: Via = 'upstream'): ProxyEvent[] => [
  {
    kind: 'opened',
    connection,
    time: now(),
    client: {...client, port: client.port + connection},
    listener: {ip: '127.0.0.1', port: 1},
  },
  {
    kind: 'connected',
    connection,
    time: now(),
    relay,
    destination: {host: 'relay.example', port: relay.port},
    via,
  },
]

export const bytes = (connection: number, end: 0 | 1, bytes: Uint8Array): ProxyEvent => ({
  kind: 'chunk',
  chunk: {connection, end, time: now(), bytes},
})

export const closed = (connection: number): ProxyEvent => ({
  kind: 'closed',
  connection,
  time: now(),
  cause: 'client_fin',
  bytes: {client: 0, relay: 0},
})

import {type AddressInfo, createServer, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'
import {loadSodium} from '../../src/crypto/sodium.js'
import {probeTarget} from '../../src/probe/probe-relay.js'
import type {RelayProbe} from '../../src/probe/relay-probe.js'
import {peerKey} from '../playbooks/keys.js'

const box = await loadSodium()

/** A server on loopback for one test. @param met called with each connection. @returns its port. */
export async function serve(met: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    met(socket)
  })
  await new Promise<void>(done => server.listen(0, host, done))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Probe whatever listens on that port, with a key that it cannot have. */
export const probed = (port: number, host = '127.0.0.1', timeoutMilliseconds = 500): Promise<RelayProbe> =>
  probeTarget({box, relay: {host, port, publicKey: peerKey(1)}, pings: 1, timeoutMilliseconds})

/** The failed stage, the fault, and what is said of it. */
export const faultOf = ({failedStage, fault, stages}: RelayProbe): (string | null | undefined)[] => [
  failedStage,
  fault,
  stages.find(({outcome}) => outcome === 'failed')?.detail,
]

import {once} from 'node:events'
import {afterEach, expect, test} from 'vitest'
import {queuedBytes, queuedDataBytes} from '../../../src/peer/relay/limits.js'
import {RelaySocket} from '../../../src/proxy/embedded/relay-socket.js'

const piece = new Uint8Array(1000)

const sockets: RelaySocket[] = []
// One that is left open would fail later, during another test.
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** A relay's end of connection 7, and what it reports. */
function reporting() {
  const reports: (readonly [string, number, unknown?])[] = []
  const socket = new RelaySocket(7, {
    received: (connection, bytes) => reports.push(['received', connection, bytes.length]),
    closed: connection => reports.push(['closed', connection]),
    congested: (connection, isCongested) => reports.push(['congested', connection, isCongested]),
    overflowed: connection => reports.push(['overflowed', connection]),
  })
  sockets.push(socket)
  return {socket, reports}
}

test('what waits for a client that does not read is reported at both limits, and again once it has read', async () => {
  const {socket, reports} = reporting()
  while (socket.readableLength < queuedDataBytes) {
    expect(reports).toEqual([])
    socket.deliver(piece)
  }
  expect(reports).toEqual([['congested', 7, true]])
  while (socket.readableLength <= queuedBytes) socket.deliver(piece)
  expect(reports).toEqual([
    ['congested', 7, true],
    ['overflowed', 7],
  ])
  let read = 0
  socket.on('data', (bytes: Buffer) => {
    read += bytes.length
  })
  socket.finish()
  await once(socket, 'end')
  expect(read).toBeGreaterThan(queuedBytes)
})

const written = (socket: RelaySocket) => new Promise(done => socket.write(piece, done))

test('what a client sends arrives once its writer is done, in order', async () => {
  const {socket, reports} = reporting()
  const all = [written(socket), written(socket)]
  expect(reports).toEqual([])
  await Promise.all(all)
  expect(reports).toEqual([
    ['received', 7, 1000],
    ['received', 7, 1000],
  ])
})

test('what a client still sends after the relay closed is ignored', async () => {
  const {socket, reports} = reporting()
  await written(socket)
  socket.finish()
  socket.deliver(piece)
  socket.write(piece)
  socket.end()
  socket.resume()
  await once(socket, 'close')
  expect(reports.filter(([what]) => what === 'received')).toEqual([['received', 7, 1000]])
})

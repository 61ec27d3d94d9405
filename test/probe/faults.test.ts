import {createServer as createHttpServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {expect, it, onTestFinished} from 'vitest'
import {faultOf, probed, serve} from './services.js'

const tlsAlert = Uint8Array.of(0x15, 3, 3, 0, 2, 2, 0x28)

it.each([
  ['SSH, which speaks first', 'SSH-2.0-OpenSSH_9.6\r\n', 'it is SSH and says "SSH-2.0-OpenSSH_9.6"'],
  ['an IMAP server', '* OK IMAP4 ready\r\n', 'it is IMAP and says "* OK IMAP4 ready"'],
  ['a mail server', '220 mail.example ESMTP\r\n', 'it is SMTP and says "220 mail.example ESMTP"'],
  ['an unknown service', 'hello\r\n', 'it answers with 7 bytes that begin "hello"'],
  ['a service that sends escape sequences', '\u001b[2Jx\r\n', 'it answers with 7 bytes that begin "1b5b324a780d0a"'],
])('%s is named', async (_, banner, detail) => {
  const port = await serve(socket => socket.write(banner))
  expect(faultOf(await probed(port))).toEqual(['handshake', 'not_tox', detail])
})

it('TLS is named, whether it answers a handshake with an alert or closes on it', async () => {
  const alerting = await serve(socket => socket.once('data', () => socket.end(tlsAlert)))
  const closing = await serve(socket =>
    socket.once('data', ([first]) => (first === 0x16 ? socket.end(tlsAlert) : socket.destroy())),
  )
  const named = ['handshake', 'not_tox', 'it is TLS and says "15030300020228"']
  expect(faultOf(await probed(alerting))).toEqual(named)
  expect(faultOf(await probed(closing))).toEqual(named)
})

it('HTTP is named by a real server, and by one that waits for a whole line before it answers', async () => {
  const server = createHttpServer((_, answer) => answer.end('hello'))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  const patient = await serve(socket =>
    socket.on('data', bytes => bytes.includes('GET / HTTP') && socket.end('HTTP/1.0 200 OK\r\n')),
  )
  expect(faultOf(await probed((server.address() as AddressInfo).port))).toEqual([
    'handshake',
    'not_tox',
    'it is HTTP and says "HTTP/1.1 400 Bad Request"',
  ])
  expect(faultOf(await probed(patient))).toEqual(['handshake', 'not_tox', 'it is HTTP and says "HTTP/1.0 200 OK"'])
})

it('a relay with another key waits for a whole handshake, unlike a service that closes at once', async () => {
  let received = 0
  const relay = await serve(socket => {
    let length = 0
    socket.on('data', bytes => {
      received += bytes.length
      length += bytes.length
      if (length >= 128) socket.end()
    })
  })
  const closing = await serve(socket => socket.destroy())
  expect(faultOf(await probed(relay)).slice(0, 2)).toEqual(['handshake', 'wrong_key'])
  expect(received).toBe(256)
  expect(faultOf(await probed(closing)).slice(0, 2)).toEqual(['handshake', 'closed'])
})

it('a service that never answers is silent', async () => {
  const port = await serve(socket => socket.resume())
  expect(faultOf(await probed(port, '127.0.0.1', 200))).toEqual([
    'handshake',
    'silent',
    'it accepts connections and never answers',
  ])
})

it('an answer as long as a handshake that does not open is called that', async () => {
  const port = await serve(socket => socket.once('data', () => socket.write(new Uint8Array(96).fill(7))))
  const [stage, fault] = faultOf(await probed(port))
  expect([stage, fault]).toEqual(['boxes', 'box'])
})

it('a flood in place of a handshake is cut off, and not kept', async () => {
  const port = await serve(socket => {
    const write = () => socket.writable && socket.write(new Uint8Array(65_536).fill(0x41), write)
    write()
  })
  const [stage, fault, detail] = faultOf(await probed(port))
  expect([stage, fault]).toEqual(['handshake', 'not_tox'])
  expect(detail).toBe(`it answers with 512 bytes that begin "${'A'.repeat(60)}"`)
})

it('a port where nobody listens is unreachable', async () => {
  const port = await serve(() => {})
  const server = createHttpServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const free = (server.address() as AddressInfo).port
  await new Promise<void>(done => server.close(() => done()))
  expect(port).not.toBe(free)
  expect(faultOf(await probed(free))).toEqual([
    'connect',
    'unreachable',
    'nothing listens on this port (connection refused)',
  ])
})

it('a name that does not exist fails at the first stage', async () => {
  expect(faultOf(await probed(1, 'relay.invalid', 5000)).slice(0, 2)).toEqual(['name', 'unknown_name'])
})

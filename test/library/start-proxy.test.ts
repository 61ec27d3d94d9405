import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openCapture, startProxy, type ToxProxy, type ToxRecord} from '../../src/index.js'
import {ping, routeRequest, ToxServer, toxClient} from '../proxy/tox-ends.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-library-'))
let server: ToxServer

beforeAll(async () => {
  server = await ToxServer.start()
})
afterAll(() => {
  server.stop()
  rmSync(folder, {recursive: true})
})

/** Records that the proxy emits while a client pings and asks for a route. */
async function recordsThrough(proxy: ToxProxy): Promise<ToxRecord[]> {
  const records: ToxRecord[] = []
  proxy.on('record', record => records.push(record))
  const client = await toxClient(proxy.port, server.keys.publicKey)
  client.say(ping(7), routeRequest(3))
  await client.packets(2)
  client.socket.destroy()
  await client.closed
  await proxy.stop()
  return records
}

const relayKeyFile = () => {
  const path = join(folder, 'relay.keys')
  writeFileSync(path, Buffer.concat([server.keys.publicKey, server.keys.secretKey]))
  return path
}

describe('startProxy', () => {
  it('listens on a free port of this machine where no address is given', async () => {
    const proxy = await startProxy()
    expect(proxy.port).toBeGreaterThan(0)
    expect(proxy.addresses).toEqual([{ip: '127.0.0.1', port: proxy.port}])
    expect(proxy.notes.join()).toContain('listening on')
    await proxy.stop()
  })

  it('emits a record for each thing that passes', async () => {
    const proxy = await startProxy({upstream: `127.0.0.1:${server.port}`})
    const records = await recordsThrough(proxy)
    expect(records[0]!.kind).toBe('start')
    expect(records.filter(({kind}) => kind === 'handshake').map(({from}) => from)).toEqual(['client', 'relay'])
    expect(records.filter(({state}) => state === 'sealed').length).toBeGreaterThan(0)
    expect(records.at(-1)!.kind).toBe('end')
    expect(proxy.counts).toEqual({open: 0, accepted: 1, turnedAway: 0})
  })

  it('opens what it intercepts, and emits the keys', async () => {
    const proxy = await startProxy({upstream: `127.0.0.1:${server.port}`, relayKey: relayKeyFile()})
    const lines: string[] = []
    proxy.on('key', (_connection, line) => lines.push(line))
    const records = await recordsThrough(proxy)
    const request = records.map(record => record.packet('route_request')).find(fields => fields !== undefined)
    expect(request).toEqual({pk: new Uint8Array(32).fill(3)})
    expect(lines).toEqual([expect.stringMatching(/^TOX_TCP_SESSION /)])
  })

  it('records what openCapture reads again', async () => {
    const write = join(folder, 'session.pcapng')
    const upstream = `127.0.0.1:${server.port}`
    const proxy = await startProxy({upstream, relayKey: relayKeyFile(), write, embedKeys: true})
    const seen = (await recordsThrough(proxy)).map(({from, type, kind}) => [from, type, kind].join())
    const read: string[] = []
    for await (const {from, type, kind} of openCapture(write)) read.push([from, type, kind].join())
    expect(read).toEqual(seen)
    expect(readFileSync(write).length).toBeGreaterThan(500)
  })

  it('rewrites packets by a hook', async () => {
    const upstream = `127.0.0.1:${server.port}`
    const script = {onPacket: ({type}: {type: string}) => (type === 'route_request' ? ping(9) : undefined)}
    const proxy = await startProxy({upstream, relayKey: relayKeyFile(), script})
    const client = await toxClient(proxy.port, server.keys.publicKey)
    client.say(routeRequest(3))
    await client.packets(1)
    expect(client.heard).toEqual(['050000000000000009'])
    await proxy.stop()
  })

  it('emits only records that match the filter', async () => {
    const proxy = await startProxy({upstream: `127.0.0.1:${server.port}`, filter: 'kind == handshake'})
    expect((await recordsThrough(proxy)).map(({kind}) => kind)).toEqual(['handshake', 'handshake'])
  })

  it('throws what a listener threw when it is stopped, and forwards all the same', async () => {
    const proxy = await startProxy({upstream: `127.0.0.1:${server.port}`})
    proxy.on('record', () => {
      throw new Error('a mistake of the listener')
    })
    const client = await toxClient(proxy.port, server.keys.publicKey)
    client.say(ping(1))
    await client.packets(1)
    await expect(proxy.stop()).rejects.toThrow('a mistake of the listener')
  })

  it('throws what a listener of notes threw, too', async () => {
    const proxy = await startProxy({upstream: '127.0.0.1:1'})
    const notes: string[] = []
    proxy.on('note', sentence => {
      notes.push(sentence)
      if (sentence.includes('refused')) throw new Error('a mistake of the listener')
    })
    const client = connect(proxy.port, '127.0.0.1').on('error', () => {})
    await new Promise(closed => client.once('close', closed))
    await expect(proxy.stop()).rejects.toThrow('a mistake of the listener')
    expect(notes).toEqual([expect.stringContaining('refused the connection'), expect.stringContaining('1 connection')])
  })
})

describe('mistakes in the options of startProxy', () => {
  it('have a code', async () => {
    await expect(startProxy({listen: 'nowhere'})).rejects.toMatchObject({code: 'bad-address'})
    await expect(startProxy({latency: 'soon'})).rejects.toMatchObject({code: 'bad-option'})
    await expect(startProxy({filter: '&&'})).rejects.toMatchObject({code: 'bad-filter'})
    await expect(startProxy({relayKey: join(folder, 'missing')})).rejects.toMatchObject({code: 'no-such-file'})
    await expect(startProxy({script: {onPacket: () => undefined}})).rejects.toMatchObject({code: 'bad-option'})
  })

  it('leave the address free', async () => {
    const proxy = await startProxy()
    const {port} = proxy
    await expect(startProxy({listen: port})).rejects.toMatchObject({code: 'cannot-listen'})
    await proxy.stop()
    await expect(startProxy({listen: port, keylog: folder})).rejects.toMatchObject({code: 'file-error'})
    const outputs = {write: join(folder, 'unwritten.pcapng'), writeKeylog: join(folder, 'unwritten.keylog')}
    await expect(startProxy({listen: port, idleTimeout: 'soon', ...outputs})).rejects.toMatchObject({
      code: 'bad-option',
    })
    expect(Object.values(outputs).filter(existsSync)).toEqual([])
    const again = await startProxy({listen: port})
    expect(again.port).toBe(port)
    await again.stop()
  })
})

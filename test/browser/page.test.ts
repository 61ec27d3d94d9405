import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {extname} from 'node:path'
import {build} from 'esbuild'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openCapture} from '../../src/index.js'
import {Chromium, findChromium} from './chromium.js'

const folder = 'fixtures/captures/small'
const types: Readonly<Record<string, string>> = {'.html': 'text/html', '.js': 'text/javascript'}

/** The parts of the package for browsers, as npm packs them, in one file: nothing is replaced but their names. */
async function bundled(entry: {readonly contents: string} | {readonly file: string}): Promise<string> {
  const {outputFiles} = await build({
    ...('file' in entry ? {entryPoints: [entry.file]} : {stdin: {contents: entry.contents, resolveDir: '.'}}),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // Not the sources, which the project's own paths lead to.
    tsconfigRaw: {},
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

const path = findChromium()
const isNeeded = process.env['CI'] === 'true'
if (!path && !isNeeded) console.log('Chromium is missing: the tests in a browser are skipped')

describe.skipIf(!path && !isNeeded)('a page in Chromium', () => {
  let server: Server
  let chromium: Chromium
  let url: string
  const served: Record<string, Uint8Array | string> = {
    '/index.html': readFileSync('examples/browser/index.html'),
    '/blank.html': '<!doctype html><title>blank</title>',
    '/capture.pcap': readFileSync(`${folder}/capture.pcap`),
    '/sessions.keylog': readFileSync(`${folder}/sessions.keylog`),
  }

  beforeAll(async () => {
    served['/page.js'] = await bundled({file: 'examples/browser/page.ts'})
    served['/parts.js'] = await bundled({
      contents: [
        "export * as wire from 'toxtcp/wire'",
        "export * as protocol from 'toxtcp/protocol'",
        "export * as capture from 'toxtcp/capture'",
        "export * as session from 'toxtcp/session'",
      ].join('\n'),
    })
    server = createServer(({url: asked = ''}, response) => {
      const body = served[asked]
      response.writeHead(body === undefined ? 404 : 200, {'content-type': types[extname(asked)] ?? 'text/plain'})
      response.end(body)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    if (!path) throw new Error('Chromium is missing')
    chromium = new Chromium(path)
  })
  afterAll(async () => {
    server?.close()
    await chromium?.end()
  })

  it('lists the records of a dropped capture, opened with the key log dropped with it', async () => {
    const script = `
      const transfer = new DataTransfer()
      for (const name of ['capture.pcap', 'sessions.keylog'])
        transfer.items.add(new File([await (await fetch(name)).arrayBuffer()], name))
      const status = document.querySelector('#status')
      const done = new Promise(resolve => new MutationObserver(resolve).observe(status, {childList: true}))
      document.querySelector('#drop').dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, bubbles: true}))
      await done
      return {
        status: status.textContent,
        rows: [...document.querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.textContent)),
      }`
    const rows: string[][] = []
    for await (const {number, time, from, type, kind} of openCapture(`${folder}/capture.pcap`, {
      keylog: `${folder}/sessions.keylog`,
    }))
      rows.push([String(number), time!.toISOString(), from ?? '', type ?? kind])
    expect(await chromium.run(`${url}/index.html`, script)).toEqual({status: `${rows.length} records`, rows})
  })

  it('says what is wrong with a file that is not a capture', async () => {
    const script = `
      const transfer = new DataTransfer()
      transfer.items.add(new File(['no capture'], 'text.txt'))
      const status = document.querySelector('#status')
      const done = new Promise(resolve => new MutationObserver(resolve).observe(status, {childList: true}))
      document.querySelector('#drop').dispatchEvent(new DragEvent('drop', {dataTransfer: transfer}))
      await done
      return status.textContent`
    expect(await chromium.run(`${url}/index.html`, script)).toBe('InputError: none of the files is a capture')
  })

  it('decodes, encodes, opens sealed boxes and filters', async () => {
    const script = `
      const {wire, protocol, session} = await import('/parts.js')
      const {bytes} = wire.parseHex('04 0000000000000001')
      const record = session.decodePacket(bytes)
      const box = await session.loadSodium()
      const key = new Uint8Array(32).fill(1)
      const nonce = new Uint8Array(24)
      const sealed = box.seal(bytes, nonce, key)
      const plain = new Uint8Array(bytes.length)
      const opened = box.open({bytes: sealed, start: 0, end: sealed.length}, nonce, key, {bytes: plain, at: 0})
      return {
        type: record.type,
        encoded: wire.toHex(session.encodePacket('ping_request', record.packet('ping_request'))),
        opened: opened === bytes.length && wire.toHex(plain),
        matches: session.compileFilter('ping_request && length == 9')(record.source),
        types: protocol.types.length,
        json: JSON.stringify(record).startsWith('{"number":1'),
      }`
    const answer = await chromium.run(`${url}/blank.html`, script)
    expect(answer).toEqual({
      type: 'ping_request',
      encoded: '040000000000000001',
      opened: '040000000000000001',
      matches: true,
      types: expect.any(Number),
      json: true,
    })
  })
})

import {describe, expect, it} from 'vitest'
import {read} from '../../../src/actions/read.js'
import {stream} from '../../../src/actions/stream.js'
import {RecordedIo} from '../../terminal/recorded-io.js'

const print = {tree: false, json: false, hex: false, bytes: false, ascii: false, fields: [], fieldOptions: []}
const files = {ports: [], embedKeys: false, force: false, pager: false, threads: 0}
const keys = (...keylog: string[]) => ({key: [], keylog, secretKey: [], relayPk: [], env: {}})
const demo = 'fixtures/demo'

/** What read leaves on standard error. */
async function notesOfRead(options: Partial<Parameters<typeof read>[0]>, isErrorTerminal = true): Promise<string> {
  const recorded = new RecordedIo({isErrorTerminal})
  await read({...files, files: [`${demo}/dropped.pcap`], print, keys: keys(), ...options}, recorded.io)
  // The progress line is taken away before a note.
  return recorded.stderr.replaceAll(/(?:\r\u001b\[K[^\r\n]*)+\r\u001b\[K/g, '')
}

describe('the last line at a terminal', () => {
  it('counts records, connections and findings', async () => {
    expect(await notesOfRead({keys: keys(`${demo}/dropped.keylog`)})).toMatchInlineSnapshot(`
      "2 other TCP connections were skipped
      884 records, 31 connections: 21 errors, 81 warnings, 73 notes
      "
    `)
  })

  it('says how many of the records a filter let through', async () => {
    const options = {keys: keys(`${demo}/dropped.keylog`), connections: '1,2', filter: 'type == data'}
    expect(await notesOfRead(options)).toMatchInlineSnapshot(`
      "57 of 83 records, 2 connections: 1 error, 60 warnings
      "
    `)
  })

  it('ends with what stayed sealed', async () => {
    expect(await notesOfRead({})).toMatchInlineSnapshot(`
      "2 other TCP connections were skipped
      884 records, 31 connections: 3 errors, 2 warnings, 2 notes; 733 frames and 3 handshakes stayed sealed: no key was given (--keylog, --key)
      "
    `)
  })

  it('comes of streams, too', async () => {
    const recorded = new RecordedIo({isErrorTerminal: true})
    await stream({files: [`${demo}/follow.yaml`], swap: false, print, keys: keys()}, recorded.io)
    expect(recorded.stderr).toMatchInlineSnapshot(`
      "18 records, 1 connection: no findings; 14 frames stayed sealed: no key was given (--keylog, --key)
      "
    `)
  })

  it('is left out elsewhere, but for what stayed sealed', async () => {
    expect(await notesOfRead({keys: keys(`${demo}/dropped.keylog`)}, false)).toMatchInlineSnapshot(`""`)
    expect(await notesOfRead({}, false)).toMatchInlineSnapshot(`
      "733 frames and 3 handshakes stayed sealed: no key was given (--keylog, --key)
      "
    `)
  })
})

import {execFileSync} from 'node:child_process'
import {createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {describe, expect, it} from 'vitest'
import {
  type CaptureInput,
  type CaptureOptions,
  InputError,
  openCapture,
  recordToJson,
  type ToxRecord,
} from '../../src/index.js'
import {runRead} from '../reading/capture-files.js'

const folder = 'fixtures/captures/small'
const capture = join(folder, 'capture.pcap')
const keylog = join(folder, 'sessions.keylog')
const bytes = readFileSync(capture)

async function recordsOf(
  input: CaptureInput | readonly CaptureInput[],
  options?: CaptureOptions,
): Promise<ToxRecord[]> {
  const records: ToxRecord[] = []
  for await (const record of openCapture(input, options)) records.push(record)
  return records
}

async function mistakeOf(input: CaptureInput, options?: CaptureOptions): Promise<InputError> {
  const error = await recordsOf(input, options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof InputError) return error
  throw new Error(`no InputError but ${String(error)}`)
}

/** Descriptors that this process has open. */
const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length

describe('openCapture', () => {
  it.runIf(process.platform === 'linux')('closes a named pipe that it does not read because of a mistake', async () => {
    const own = mkdtempSync(join(tmpdir(), 'toxtcp-pipe-'))
    const pipe = join(own, 'pipe')
    execFileSync('mkfifo', [pipe])
    const before = await openFiles()
    expect((await mistakeOf(pipe, {secretKeys: 'none'})).code).toBe('bad-key')
    expect(await openFiles()).toBe(before)
    rmSync(own, {recursive: true})
  })

  it('gives the records that toxtcp read prints', async () => {
    const records = await recordsOf(capture, {keylog})
    const {records: printed} = await runRead([capture], [keylog])
    expect(records.length).toBe(printed.length)
    for (const [index, record] of records.entries())
      expect(JSON.parse(recordToJson(record.source, {bytes: true}))).toEqual(printed[index])
  })

  it('gives records that stay as they are when later ones come', async () => {
    const taken: string[] = []
    const records: ToxRecord[] = []
    for await (const record of openCapture(capture, {keylog})) {
      records.push(record)
      taken.push(JSON.stringify(record))
    }
    expect(records.map(record => JSON.stringify(record))).toEqual(taken)
    const frame = records.find(({plaintext}) => plaintext !== null)!
    expect(frame.plaintext!.buffer.byteLength).toBeLessThan(4096)
  })

  it('reads bytes, packed bytes and streams as it reads a file', async () => {
    // A stream is shown as it comes, a file as its connections begin: only the numbers may differ.
    const summary = (records: readonly ToxRecord[]) =>
      records
        .map(({connection, from, kind, index, time}) => [time?.micros, connection, from, kind, index].join())
        .sort()
    const expected = summary(await recordsOf(capture, {keylog}))
    const keys = readFileSync(keylog)
    expect(summary(await recordsOf(bytes, {keylog: keys}))).toEqual(expected)
    expect(summary(await recordsOf(gzipSync(bytes), {keylog: keys}))).toEqual(expected)
    expect(summary(await recordsOf(createReadStream(capture), {keylog}))).toEqual(expected)
    expect(summary(await recordsOf(new Blob([bytes]).stream(), {keylog}))).toEqual(expected)
  })

  it('needs no options', async () => {
    const records = await recordsOf(capture)
    expect(records.filter(({state}) => state === 'sealed').length).toBeGreaterThan(0)
  })

  it('gives only what the filter matches, with its number among all', async () => {
    const records = await recordsOf(capture, {keylog, filter: 'route_request'})
    expect(records.map(({type}) => type)).toEqual(['route_request', 'route_request', 'route_request'])
    expect(records[0]!.number).toBeGreaterThan(1)
    expect(records[0]!.packet('route_request')!.pk).toHaveLength(32)
    expect(records[0]!.packet('route_response')).toBeUndefined()
  })

  it('says what was in the capture once it is read', async () => {
    const opened = openCapture(capture, {keylog})
    expect(opened.totals).toBeUndefined()
    for await (const record of opened) expect(record.number).toBeGreaterThan(0)
    expect(opened.totals).toEqual({
      connections: expect.any(Number),
      others: 0,
      unread: new Map(),
      packets: expect.any(Number),
    })
  })

  it('closes the file when the loop ends early', async () => {
    const before = await openFiles()
    for (let round = 0; round < 3; round++) {
      for await (const record of openCapture(capture, {keylog})) {
        expect(record.number).toBe(1)
        break
      }
    }
    expect(await openFiles()).toBe(before)
  })

  it('asks a stream for no more once the loop has ended, even if more would never come', async () => {
    let isClosed = false
    async function* slow(): AsyncGenerator<Uint8Array> {
      try {
        yield bytes
        await new Promise(() => {})
      } finally {
        isClosed = true
      }
    }
    for await (const record of openCapture(slow(), {keylog})) if (record.number === 2) break
    expect(isClosed).toBe(true)
  })

  it('gives what came before the damage, and then throws', async () => {
    const whole = await recordsOf(capture, {keylog})
    const taken: ToxRecord[] = []
    const read = async () => {
      for await (const record of openCapture(bytes.subarray(0, bytes.length - 7), {keylog})) taken.push(record)
    }
    await expect(read()).rejects.toMatchObject({code: 'cut-off-capture'})
    expect(taken.length).toBeGreaterThan(whole.length / 2)
  })
})

describe('errors of openCapture', () => {
  it('have a code for each kind of mistake', async () => {
    expect((await mistakeOf('/nowhere.pcap')).code).toBe('no-such-file')
    expect((await mistakeOf(folder)).code).toBe('file-error')
    expect((await mistakeOf(new Uint8Array(100))).code).toBe('not-a-capture')
    expect((await mistakeOf(new Uint8Array(0))).code).toBe('not-a-capture')
    expect((await mistakeOf(capture, {filter: 'route_request &&'})).code).toBe('bad-filter')
    expect((await mistakeOf(capture, {filter: 'rout_request'})).hint).toContain('route_request')
    expect((await mistakeOf(capture, {secretKeys: 'abc'})).code).toBe('bad-key')
    expect((await mistakeOf(capture, {keys: new Uint8Array(3)})).code).toBe('bad-key')
    expect((await mistakeOf(capture, {keylog: '/nowhere.keylog'})).code).toBe('no-such-file')
  })

  it('leave no file open', async () => {
    const before = await openFiles()
    await mistakeOf(capture, {filter: '&&'})
    await mistakeOf(capture, {secretKeys: 'abc'})
    await expect(recordsOf([capture, '/nowhere.pcap'])).rejects.toThrow(InputError)
    expect(await openFiles()).toBe(before)
  })

  it('say that a stream can be read once', async () => {
    const stream = createReadStream(capture)
    await recordsOf(stream)
    expect((await mistakeOf(stream)).code).toBe('already-read')
  })

  it('name the sentence of the command', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'toxtcp-library-')), 'text.pcap')
    writeFileSync(path, 'this is text\n')
    const error = await mistakeOf(path)
    expect(error.message).toContain(path)
    rmSync(path)
  })
})

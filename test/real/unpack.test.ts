import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {openCapture} from '../../src/index.js'

const capture = new URL('../../fixtures/captures/small/capture.pcap', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-unpack-'))
afterAll(() => rmSync(folder, {recursive: true}))

const programs = ['gzip', 'zstd', 'lz4', 'xz', 'bzip2'] as const
const absent = programs.filter(program => spawnSync(program, ['--version']).error !== undefined)
if (absent.length > 0) console.warn(`tests of packed captures are skipped: ${absent.join(', ')} not installed`)

async function count(path: string): Promise<number> {
  let records = 0
  for await (const _ of openCapture(path)) records++
  return records
}

const whole = await count(capture)

function packedBy(program: string, bytes: Uint8Array, name: string): string {
  const path = join(folder, name)
  writeFileSync(path, spawnSync(program, ['-c'], {input: bytes, maxBuffer: 1 << 26}).stdout)
  return path
}

describe.skipIf(absent.length > 0)('a packed capture', () => {
  it.each(programs)('is unpacked by %s', async program => {
    const path = packedBy(program, readFileSync(capture), `small.${program}`)
    expect(await count(path)).toBe(whole)
  })

  it.each(programs)('that %s packed and that is cut off gives what comes before, and a sentence', async program => {
    const path = packedBy(program, readFileSync(capture), `cut.${program}`)
    writeFileSync(path, readFileSync(path).subarray(0, -9))
    await expect(count(path)).rejects.toThrow(/data is damaged or cut off: \S/)
  })

  it('is unpacked from a pipe that is opened once', async () => {
    const path = join(folder, 'pipe')
    spawnSync('mkfifo', [path])
    const packed = packedBy('zstd', readFileSync(capture), 'piped.zst')
    // Whoever opens the pipe, reads its head and opens it again finds nobody who writes.
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', packed, path])
    const ended = new Promise<number | null>(resolve => writer.once('close', resolve))
    expect(await count(path)).toBe(whole)
    expect(await ended).toBe(0)
  })
})

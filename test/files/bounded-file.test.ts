import {execFileSync, spawn} from 'node:child_process'
import {mkdtempSync, writeFileSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {headOf, readBounded, readRegularFile} from '../../src/files/bounded-file.js'
import {pipeWriterMilliseconds} from '../../src/files/limits.js'
import {fileBytes} from '../../src/files/pipe.js'
import {shell} from '../commands/program.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toxtcp-bounded-'))
})
afterAll(() => rm(folder, {recursive: true}))

const pipeNamed = (name: string): string => {
  const pipe = join(folder, name)
  execFileSync('mkfifo', [pipe])
  return pipe
}
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

describe('a file', () => {
  it('is read whole up to the limit, also one that does not know its length', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'x'.repeat(1000))
    expect(await readBounded(file, 1000)).toHaveLength(1000)
    await expect(readBounded(file, 999)).rejects.toThrow(`${file} is over 999 bytes long`)
    expect(() => readRegularFile(file, 999)).toThrow(`${file} is over 999 bytes long`)
    expect(textOf(await readBounded('/proc/self/status', 100_000))).toContain('VmRSS')
    await expect(readBounded('/dev/zero', 100_000)).rejects.toThrow('/dev/zero is over 100000 bytes long')
  })
})

describe('a named pipe', () => {
  it('that nobody writes to is refused after a while, which is said once at its beginning', async () => {
    const pipe = pipeNamed('silent')
    const sentence = `cannot read ${pipe}: it is a named pipe, and no program writes to it`
    const waited: string[] = []
    const waits = (path: string) => void waited.push(path)
    await expect(readBounded(pipe, 10, {pipeMilliseconds: 50, waits})).rejects.toThrow(sentence)
    expect(waited).toEqual([pipe])
    expect(headOf(pipe, 4)).toHaveLength(0)
  })

  it('is read to its end where the writer comes later, and where it was there first', async () => {
    for (const [name, before, after] of [
      ['late', 'sleep 0.3;', ''],
      ['early', '', 'sleep 0.3;'],
    ]) {
      const pipe = pipeNamed(name!)
      spawn('sh', ['-c', `${before} (echo one; ${after} echo two) > ${pipe}`])
      expect(textOf(await readBounded(pipe, 100, {pipeMilliseconds: pipeWriterMilliseconds}))).toBe('one\ntwo\n')
    }
    const pipe = pipeNamed('parts')
    spawn('sh', ['-c', `seq 100000 > ${pipe}`])
    let length = 0
    for await (const part of fileBytes(pipe)) length += part.length
    expect(length).toBe(588_895)
  })
})

describe('toxtcp', () => {
  const key = `fixtures/captures/small/sessions.keylog`
  const capture = 'fixtures/captures/small/capture.pcap'

  it('reads keys, labels and packets through <(command)', async () => {
    const {status, stdout, stderr} = await shell(`toxtcp read <(cat ${capture}) --key <(cat ${key}) --labels <(true)`)
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(stdout).toContain('PingRequest')
  })

  it.each([
    ['--key', 'read', capture, '--key'],
    ['--labels', 'read', capture, '--labels'],
    ['--auth', 'proxy', '--listen', '127.0.0.1:0', '--auth', 'alice:'],
  ])('does not wait for ever for the writer of a named pipe given to %s', async (flag, ...args) => {
    const pipe = pipeNamed(`for${flag}`)
    const file = args.at(-1)!.endsWith(':') ? `${args.pop()}${pipe}` : pipe
    execFileSync('chmod', ['600', pipe])
    const {status, stdout, stderr} = await shell(`toxtcp ${args.join(' ')} ${file}`)
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toMatch(/^toxtcp: cannot read \S+: it is a named pipe, and no program writes to it\n/)
  })

  it('refuses a pipe as a script, which is read twice', async () => {
    const pipe = pipeNamed('script')
    const {status, stderr} = await shell(`toxtcp proxy --listen 127.0.0.1:0 --script ${pipe}`)
    expect({status, stderr}).toEqual({
      status: 2,
      stderr: `toxtcp: cannot run ${pipe}: it is a pipe or a device\n    save the script as a file\n`,
    })
  })

  it.each(['read', 'encode', 'stream', 'decode --file'])(
    'ends at Ctrl-C where %s waits for a writer',
    async command => {
      const pipe = pipeNamed(`waited-${command.replaceAll(' ', '')}`)
      const {stdout} = await shell(
        `timeout --preserve-status -s INT -k 20 2 "${process.execPath}" bin/run.js ${command} ${pipe}; echo $?`,
      )
      expect(stdout).not.toContain('137')
    },
  )
})

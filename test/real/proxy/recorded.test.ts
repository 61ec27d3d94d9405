import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {TcpWriter} from '../../../src/capture/write/tcp-writer.js'
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../src/capture/write/writer.js'
import {FrameList} from '../../capture/frame-list.js'

const installed = spawnSync('tshark', ['--version']).status === 0
if (!installed)
  console.warn(
    'test/real/proxy/recorded.test.ts is skipped: tshark is not installed, and it is what judges the written captures',
  )

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-recorded-'))
afterAll(() => rmSync(folder, {recursive: true}))

function tool(name: string, ...args: string[]): {status: number | null; stdout: string; stderr: string} {
  const {status, stdout, stderr} = spawnSync(name, args, {encoding: 'utf8', maxBuffer: 1 << 26})
  return {status, stdout, stderr: stderr.replace(/^Running as user "root".*\n/m, '')}
}

/**
 * A recording of three connections, one of each address family and one with the ports of the first, with everything
 * that a recorder writes.
 */
function recording(): Buffer {
  const v4 = [
    {ip: '127.0.0.1', port: 40000},
    {ip: '127.0.0.1', port: 33445},
  ] as const
  const v6 = [
    {ip: '::1', port: 40001},
    {ip: '2001:db8::5', port: 443},
  ] as const
  const frames = new FrameList()
  const writers = [
    new TcpWriter(v4, frames),
    new TcpWriter(v6, frames, {mss: 1000, initialSequence: [0xffffff00, 7]}),
    new TcpWriter(v4, frames, {initialSequence: [0x70000000, 0x30000000]}),
  ]
  for (const [i, writer] of writers.entries()) {
    writer.open()
    writer.data(0, new Uint8Array(128).fill(1))
    writer.data(1, new Uint8Array(97).fill(2))
    writer.data(1, new Uint8Array(500_000).fill(3))
    writer.data(0, new Uint8Array(12_345).fill(4))
    if (i === 0) {
      writer.fin(0)
      writer.fin(1)
    } else writer.rst(1)
  }
  return Buffer.concat([
    sectionHeader({comment: 'a recording', application: 'toxtcp'}),
    interfaceDescription({linkType: 1, resolution: 9, name: 'proxy'}),
    decryptionSecrets(0x544f5831, Buffer.from('TOX_SECRET_KEY 00 11\n')),
    ...frames.all.map((bytes, i) =>
      enhancedPacket({
        time: {micros: 1_795_399_252_000_000 + i * 10, nanos: 7},
        bytes,
        resolution: 9,
        ...(i === 0 ? {comment: 'first'} : {}),
      }),
    ),
  ])
}

describe.runIf(installed)('a written capture', () => {
  const path = join(folder, 'recording.pcapng')
  writeFileSync(path, recording())

  test('has no fault that tshark can find', () => {
    const faults =
      'tcp.analysis.flags || ip.checksum.status == 0 || tcp.checksum.status == 0 || _ws.malformed || tcp.checksum.status == 2'
    const {status, stdout, stderr} = tool(
      'tshark',
      '-r',
      path,
      '-o',
      'ip.check_checksum:TRUE',
      '-o',
      'tcp.check_checksum:TRUE',
      '-Y',
      faults,
    )
    // Ports used again are told of, and are meant.
    const told = stdout.split('\n').filter(line => line && !line.includes('Port numbers reused'))
    expect({status, told, stderr}).toEqual({status: 0, told: [], stderr: ''})
  })

  test('has three connections with all their bytes', () => {
    const {stdout} = tool(
      'tshark',
      '-r',
      path,
      '-T',
      'fields',
      '-e',
      'tcp.stream',
      '-e',
      'tcp.len',
      '-e',
      'tcp.flags.str',
    )
    const sums = [0, 0, 0]
    for (const line of stdout.trim().split('\n')) sums[Number(line.split('\t')[0])]! += Number(line.split('\t')[1])
    expect(sums).toEqual([512_570, 512_570, 512_570])
  })

  test('keeps its secrets and comments through capinfos, editcap and mergecap', () => {
    expect(tool('capinfos', path)).toMatchObject({status: 0, stderr: ''})
    const edited = join(folder, 'edited.pcapng')
    expect(tool('editcap', path, edited)).toMatchObject({status: 0, stderr: ''})
    const merged = join(folder, 'merged.pcapng')
    expect(tool('mergecap', '-w', merged, path, edited)).toMatchObject({status: 0, stderr: ''})
    const comments = tool('tshark', '-r', edited, '-T', 'fields', '-e', 'frame.comment', '-c', '1')
    expect(comments.stdout).toContain('first')
  })
})

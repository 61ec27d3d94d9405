import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {toxtcpHere} from '../commands/program.js'

const capture = resolve('fixtures/captures/small/capture.pcap')
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-chosen-'))
afterAll(() => rmSync(folder, {recursive: true}))

describe('a connection that does not exist', () => {
  it.each([
    ['read', capture],
    ['read', capture, '--json'],
    ['read', capture, '-w', join(folder, 'part.pcapng')],
    ['stats', capture],
    ['stats', capture, '--json'],
    ['why', capture],
    ['why', capture, '--json'],
  ])('is answered by one sentence that names those that do, and a hint: %s %s %s', async (...args) => {
    const {stdout, stderr, status} = await toxtcpHere([...args, '--connection', '99'])
    expect({stdout, stderr, status}).toEqual({
      stdout: '',
      stderr:
        'toxtcp: no Tox connection has the number 99: there are 0, 1\n' +
        `    toxtcp ${args.join(' ')} --connection 0\n`,
      status: 2,
    })
  })
})

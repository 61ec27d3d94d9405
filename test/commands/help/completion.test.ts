import {describe, expect, it, vi} from 'vitest'
import {toxtcpHere} from '../program.js'

const completed = async (...words: string[]): Promise<string[]> =>
  (await toxtcpHere(['complete', '--', ...words])).stdout.split('\n').filter(word => word !== '')

describe('completion', () => {
  it('warns of nothing, also where oclif warns those who develop a program', async () => {
    const warned = vi.spyOn(process, 'emitWarning')
    expect(await completed('rela')).toEqual(['relay'])
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it('completes commands, and the commands of a topic', async () => {
    expect(await completed('re')).toEqual(['read', 'relay'])
    expect(await completed('')).toEqual(expect.arrayContaining(['decode', 'read', 'keys', 'completion']))
    expect(await completed('')).not.toContain('complete')
    expect(await completed('keys', 'm')).toEqual(['make'])
  })

  it('completes flags at any place, and those that switch off', async () => {
    expect(await completed('read', '--fol')).toEqual(['--follow'])
    expect(await completed('read', 'capture.pcap', '--no-c')).toEqual(['--no-color'])
  })

  it('completes the values of flags, after a blank and after an equals sign', async () => {
    expect(await completed('read', '-T', 'js')).toEqual(['json'])
    expect(await completed('read', '--format=js')).toEqual(['--format=json'])
    expect(await completed('read', '--format', '=', 'js')).toEqual(['json'])
    expect(await completed('read', '--fail-on', '')).toEqual(['error', 'warn', 'note', 'chat'])
    expect(await completed('decode', '--as', 'ping_re')).toEqual(['ping_request'])
    expect(await completed('read', '-E', 'head')).toEqual(['header='])
  })

  it('completes fields in filters, in columns and after -e', async () => {
    expect(await completed('read', '-e', 'ping_request.p')).toEqual(['ping_request.ping_id'])
    expect(await completed('read', '-Y', "'type == data && ping_request.p")).toEqual([
      'type == data && ping_request.ping_id',
    ])
    expect(await completed('read', '--columns', 'number,summ')).toEqual(['number,summary'])
  })

  it('completes names for explain', async () => {
    expect(await completed('explain', 'packet-too-sh')).toEqual(['packet-too-short'])
  })

  it('says what commands, flags and fields are to shells that show it beside them', async () => {
    const shown = async (...words: string[]) =>
      (await toxtcpHere(['complete', '--about', '--', ...words])).stdout.trimEnd().split('\n')
    expect(await shown('rea')).toEqual(['read\tRead capture files written by tcpdump, dumpcap or Wireshark'])
    expect(await shown('read', '--no-pag')).toEqual([
      '--no-pager\ton a terminal, show long output in a pager (the variable PAGER)',
    ])
    expect(await shown('read', '-Y', 'ping_request && tcp.srcp')).toEqual([
      "ping_request && tcp.srcport\tThe sender's port",
    ])
    expect(await shown('read', '-T', 'js')).toEqual(['json'])
  })

  it('leaves files to the shell', async () => {
    expect(await completed('read', 'cap')).toEqual([])
    expect(await completed('read', '--keylog', '')).toEqual([])
  })

  it('refuses a shell that has no script with the ones that have', async () => {
    const {status, stderr} = await toxtcpHere(['completion', 'bsh'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('did you mean "bash" or "zsh"?')])
  })
})

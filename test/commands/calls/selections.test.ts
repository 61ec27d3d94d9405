import {resolve} from 'node:path'
import {describe, expect, it} from 'vitest'
import {toxtcpHere} from '../program.js'

const folder = resolve('fixtures/captures/synthetic_clients')
const read = ['read', `${folder}/capture.pcap`, '--keylog', `${folder}/sessions.keylog`]
const fields = ['-T', 'fields', '-e', 'number']

/** Lines of a run, split into their fields. */
async function rows(...args: readonly string[]): Promise<string[][]> {
  const {stdout, stderr, status} = await toxtcpHere([...read, ...args])
  expect([stderr, status]).toEqual(['', 0])
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => line.split('\t'))
}

const relative = [...fields, '-e', 'frame.time_relative']

describe.concurrent('a key in a filter', () => {
  // The built program is another text than its source: characters beyond ASCII must survive in it.
  it.each([
    'pk == 2551…9f5d',
    'pk == 2551..9f5d',
    'pk == 255101a5..5d',
    'key == 2551\u20265d',
    'pk == 255101\u20269f5d',
    'key == 2551',
  ])('%s is one that is shown with its first and last bytes', async filter => {
    const found = await rows(...fields, '-e', 'type', '-Y', filter, '-c', '1')
    expect(found).toEqual(filter.includes('9f5d') ? [['']] : [['2', 'client_handshake']])
  })
})

describe.concurrent('a key in the handshake of a connection', () => {
  it('is one of all packets of that connection from then on, whatever else the filter asks', async () => {
    const [[first, connection] = []] = await rows(...fields, '-e', 'connection', '-Y', 'key == 2551', '-c', '1')
    const of = await rows(...fields, '-e', 'kind', '-Y', `connection == ${connection} && number >= ${first}`)
    const own = await rows(...fields, '-e', 'kind', '-Y', `key == 2551 && connection == ${connection}`)
    expect(own).toEqual(of)
    const data = (filter: string) => rows(...fields, '-Y', `type == data && ${filter}`)
    expect(await data(`key == 2551 && connection == ${connection}`)).toEqual(await data(`connection == ${connection}`))
  })

  it('counts on any number of threads', async () => {
    const counted = (threads: string) =>
      toxtcpHere(['stats', ...read.slice(1), '-Y', 'key == 2551', '--threads', threads, '--json'])
    expect((await counted('2')).stdout).toBe((await counted('0')).stdout)
  })
})

describe.concurrent('times of records', () => {
  it('are relative to the first record of the capture, whichever selection prints a record', async () => {
    const all = await rows(...relative)
    const of = new Set(all.map(row => row.join()))
    const selections = [
      ['--connection', '11'],
      ['-n', '700-720'],
      ['-Y', 'kind == end'],
      ['-Y', 'type == data', '--connection', '0,3'],
    ]
    for (const selection of selections) {
      const chosen = await rows(...relative, ...selection)
      expect(chosen.length).toBeGreaterThan(1)
      expect(chosen.length).toBeLessThan(all.length)
      expect(chosen.filter(row => !of.has(row.join()))).toEqual([])
    }
  })

  it.each([
    ['r', 'frame.time_relative'],
    ['d', 'frame.time_delta'],
    ['e', 'frame.time_epoch'],
  ])('of the TIME column in form %s are %s', async (form, name) => {
    const shown = await rows(
      '-t',
      form,
      '-T',
      'csv',
      '--columns',
      'number,time',
      '-E',
      'separator=/t',
      '-Y',
      'oob_send',
    )
    expect(shown.slice(1)).toEqual(await rows(...fields, '-e', name, '-Y', 'oob_send'))
  })

  it('can be filtered by', async () => {
    const late = await rows(...relative, '-Y', 'frame.time_relative >= 20.4 && frame.time_relative < 20.482')
    expect(late.map(([number]) => number)).toContain('720')
    expect(late.every(([, time]) => Number(time) >= 20.4 && Number(time) < 20.482)).toBe(true)
    const [exact] = await rows(...relative, '-Y', 'frame.time_relative == 20.462302')
    expect(exact).toEqual(['718', '20.462302'])
    const pauses = await rows(...fields, '-e', 'frame.time_delta', '-Y', 'frame.time_delta > 1')
    expect(pauses.length).toBeGreaterThan(0)
    expect(pauses.every(([, time]) => Number(time) > 1)).toBe(true)
  })

  it('have the form of -t in fields and JSON, and are dates without it', async () => {
    const one = ['-n', '720']
    expect(await rows(...fields, '-e', 'time', ...one)).toEqual([['720', '2026-11-23T01:56:30.834604Z']])
    expect(await rows(...fields, '-e', 'time', '-e', 'frame.time', '-t', 'r', ...one)).toEqual([
      ['720', '20.481960', '20.481960'],
    ])
    const [[line]] = (await rows('--json', '-t', 'e', ...one)) as [[string]]
    expect(JSON.parse(line)).toMatchObject({number: 720, time: '1795398990.834604'})
  })

  it('since the record printed before are told apart from those since the record before', async () => {
    const numbers = ['-n', '718,720,722', '-T', 'fields', '-e', 'time']
    expect(await rows(...numbers, '-t', 'd')).toEqual([['0.000515'], ['0.019454'], ['0.000160']])
    expect(await rows(...numbers, '-t', 'dd')).toEqual([['0.000000'], ['0.019658'], ['0.002117']])
  })
})

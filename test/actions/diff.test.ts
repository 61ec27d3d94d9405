import {resolve} from 'node:path'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {diff} from '../../src/actions/diff.js'
import {aligned} from '../../src/view/diff/align.js'
import {toxtcpHere} from '../commands/program.js'
import {RecordedIo} from '../terminal/recorded-io.js'

const dropped = [resolve('fixtures/demo/dropped.pcap'), '--keylog', resolve('fixtures/demo/dropped.keylog')]
const small = resolve('fixtures/captures/small/capture.pcap')

describe('diff', () => {
  it('prints in the unified form what differs between two connections, and ends with 1', async () => {
    const {stdout, stderr, status} = await toxtcpHere(['diff', ...dropped, '--connection', '5,6'])
    expect([stderr, status]).toEqual(['', 1])
    expect(stdout.replaceAll(dropped[0]!, 'dropped.pcap')).toBe(`--- dropped.pcap connection 5, client
+++ dropped.pcap connection 6, client
@@ -1,4 +1,4 @@
 client ClientHandshake of bc2d…6a5a
 client PingRequest 38456ea653274dd1
-client Reserved 2 bytes [error reserved-id]  {reserved.data 7a7a}
+client Reserved 0 bytes [error reserved-id]  {reserved.data none}
 client End client closes too (FIN)
`)
  })

  it('ends with one line of what is the same and what is not, on a terminal', async () => {
    const shown = async (files: readonly string[], connections?: string, json = false) => {
      const recorded = new RecordedIo({isErrorTerminal: true})
      const keys = {key: [], keylog: [dropped[2]!], secretKey: [], relayPk: [], env: {}}
      await diff({files, ports: [], connections, pager: false, json, keys}, recorded.io)
      return recorded.stderr
    }
    expect(await shown(dropped.slice(0, 1), '5,6')).toBe(
      '6 records the same, 1 different, 0 only in the first, 0 only in the second\n',
    )
    expect(await shown([dropped[0]!, small])).toMatch(/; \d+ connections without a counterpart\n$/)
    expect(await shown(dropped.slice(0, 1), '5,6', true)).toBe('')
  })

  it('has signs of ASCII alone with --ascii', async () => {
    const {stdout} = await toxtcpHere(['diff', ...dropped, '--connection', '5,6', '--ascii'])
    expect(stdout).toContain(' client ClientHandshake of bc2d..6a5a\n')
    expect(stdout).not.toMatch(/[^\n -~]/)
  })

  it('finds no difference between a capture and itself, whatever its keys', async () => {
    for (const [capture, ...keys] of [dropped, [small]])
      expect(await toxtcpHere(['diff', capture!, capture!, ...keys])).toEqual({status: 0, stdout: '', stderr: ''})
  })

  it('names what is innermost first, as a list does', async () => {
    const logs = ['sessions', 'inner'].flatMap(log => ['--keylog', resolve(`fixtures/captures/small/${log}.keylog`)])
    const {stdout} = await toxtcpHere(['diff', small, '--connection', '0,1', ...logs])
    expect(stdout).toMatch(/^[ +-](client|relay) Message "[^"]*" · CryptoData \d+ · Data/m)
    expect(stdout).not.toMatch(/^[ +-](client|relay) (Data|OobSend) .*CryptoData/m)
  })

  it('gives the same as one JSON object', async () => {
    const {stdout, status} = await toxtcpHere(['diff', ...dropped, '--connection', '5,6', '--json'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      is_equal: false,
      connections: [
        {
          a: 5,
          b: 6,
          sides: {
            client: {same: 3, differs: [{a: 675, b: 683, fields: [{name: 'reserved.data', a: '7a7a', b: ''}]}]},
            relay: {differs: [], only_a: [], only_b: []},
          },
        },
      ],
      only_a: [],
      only_b: [],
    })
  })

  it('names connections that only one capture has', async () => {
    const {stdout, status} = await toxtcpHere(['diff', small, dropped[0]!])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^\+connection \d+, only in .*dropped\.pcap$/m)
  })

  it.each([
    [[small], 'one capture is given, without two of its connections'],
    [[small, small, small], '3 captures are given, and diff compares two'],
    [[small, small, '--connection', '1-5'], '--connection "1-5" is not one or two connections'],
    [[small, small, '--connection', '99'], 'has the number 99: there are 0, 1'],
  ])('refuses %j', async (args, sentence) => {
    const {stdout, stderr, status} = await toxtcpHere(['diff', ...args])
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toContain(sentence)
  })
})

describe('the alignment', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c'), {maxLength: 30})

  it('has every place of both once, in order, and pairs equals only', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const pairs = aligned(a, b)
        expect(pairs.flatMap(([one]) => one ?? [])).toEqual(a.map((_, at) => at))
        expect(pairs.flatMap(([, other]) => other ?? [])).toEqual(b.map((_, at) => at))
        for (const [one, other] of pairs) if (one !== undefined && other !== undefined) expect(a[one]).toBe(b[other])
      }),
    )
  })

  it('pairs the longest common subsequence', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const lengths = Array.from({length: a.length + 1}, () => new Array<number>(b.length + 1).fill(0))
        for (let i = a.length - 1; i >= 0; i--)
          for (let j = b.length - 1; j >= 0; j--)
            lengths[i]![j] =
              a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
        const paired = aligned(a, b).filter(([one, other]) => one !== undefined && other !== undefined)
        expect(paired.length).toBe(lengths[0]![0])
      }),
    )
  })

  it('gives up beyond its bound, and still has every place', () => {
    const a = Array.from({length: 3000}, (_, at) => `a${at}`)
    const b = Array.from({length: 3000}, (_, at) => `b${at}`)
    expect(aligned(a, b)).toHaveLength(6000)
  })
})

import {describe, expect, it} from 'vitest'
import {toxtcpHere} from '../commands/program.js'
import {fixture} from './stats/stats-run.js'

interface EndJson {
  readonly time: string
  readonly from: string
  readonly packets: readonly number[]
  readonly fields: {
    readonly how: string
    readonly causes: readonly {
      readonly code: string
      readonly number: number
      readonly receivers: readonly string[]
      readonly seconds_before: number | null
    }[]
  }
}

async function endsOf(...args: readonly string[]): Promise<EndJson[]> {
  const {stdout} = await toxtcpHere(['read', ...args, '-Y', 'kind == end', '--json'])
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as EndJson)
}

describe('real clients that quit normally', () => {
  const recordings = [
    ['goodbye-1', [91, 95]],
    ['goodbye-2', [95, 99]],
    ['goodbye-race', [743, 747]],
  ] as const

  it.each(recordings)('%s: the client left, at its first FIN, and nothing is to blame', async (name, packets) => {
    const first = (await endsOf(fixture(`goodbyes/${name}.pcapng`))).filter(({from}) => from === 'client')
    expect(first.map(({packets: [packet]}) => packet)).toEqual(packets)
    for (const {fields} of first) {
      expect(fields.how).toBe('fin')
      expect(fields.causes.map(({code, receivers}) => ({code, receivers}))).toEqual([
        {code: 'client-left', receivers: []},
      ])
    }
  })

  it.each(recordings)('%s passes --fail-on warn, whatever is known of the peers', async name => {
    for (const peers of ['auto', 'c-toxcore']) {
      const args = ['read', fixture(`goodbyes/${name}.pcapng`), '--fail-on', 'warn', '--peers', peers]
      expect((await toxtcpHere(args)).status, peers).toBe(0)
    }
  })

  it('are said in the list and in stats to have left, without a time before the close', async () => {
    const file = fixture('goodbyes/goodbye-race.pcapng')
    expect((await toxtcpHere(['read', file, '-Y', 'kind == end'])).stdout).toContain(
      'client closes (FIN) [client-left]',
    )
    const {stdout} = await toxtcpHere(['stats', file])
    expect(stdout).toMatch(/client closes \(FIN\)\s+client-left\s+#879\s*\n/)
  })
})

describe('a relay that is stopped', () => {
  it('is left for the ping that it did not answer, and then for the handshake', async () => {
    const [first, second] = await endsOf(
      fixture('goodbyes/relaystop.pcap'),
      '--keylog',
      fixture('goodbyes/relaystop.keylog'),
    )
    expect(first?.packets).toEqual([13])
    expect(first?.fields.causes).toMatchObject([{code: 'ping-unanswered', number: 6}])
    expect(first?.fields.causes.map(({seconds_before}) => Math.round(seconds_before ?? 0))).toEqual([10])
    expect(second?.fields.causes).toMatchObject([{code: 'handshake-unanswered', receivers: ['c_toxcore_client']}])
  })
})

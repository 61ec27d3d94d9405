import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {describe, expect, it} from 'vitest'
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../src/capture/write/writer.js'
import type {PeersName} from '../../../src/expert/peers.js'
import {compareSeverity, type Severity} from '../../../src/expert/rule.js'
import {typeOf} from '../../../src/protocol/table.js'
import {secretsType} from '../../../src/proxy/recording/recording-format.js'
import {textWidth} from '../../../src/view/text-width.js'
import {amountOf} from '../../amount.js'
import {packetsOf} from '../../capture/collect.js'
import {toxtcp, toxtcpHere} from '../../commands/program.js'
import {capture, fixture, keylog, runStats} from './stats-run.js'

interface BySide {
  readonly client: number
  readonly relay: number
}

/** As far as it is looked at here. */
interface StatsJson {
  readonly records: number
  readonly packets: BySide
  readonly bytes: BySide
  readonly seconds: number
  readonly other_connections: number
  readonly types: readonly {
    type: string | null
    what?: string
    packets: BySide
    bytes: BySide
    inner: readonly {type: string | null; packets: BySide}[]
  }[]
  readonly connections: readonly {
    connection: number
    client_pk: string | null
    start: string | null
    seconds: number | null
    packets: BySide
    bytes: BySide
    state: {open: number; sealed: number; failed: number}
    findings: Record<string, number>
    end: {close: string; from: string | null; cause: {code: string; number: number} | null} | null
  }[]
  readonly routes: readonly {
    connection: number
    client_pk: string
    pk: string
    connection_id: number
    state: string
    lives: number
    online_seconds: number
  }[]
  readonly pings: readonly {
    connection: number | null
    from: string
    sent: number
    answered: number
    min_micros: number
    median_micros: number
    max_micros: number
  }[]
  readonly throughput: {start: string; bucket_seconds: number; client: readonly number[]; relay: readonly number[]}
  readonly findings: readonly {code: string; severity: string; count: number; first: number}[]
}

interface TruePacket {
  readonly direction: 'c2s' | 's2c'
  readonly session: number
  readonly frame_len: number
  readonly plaintext: string
}

interface ReadRecord {
  readonly number: number
  readonly connection: number
  readonly kind: string
  readonly from: 'client' | 'relay' | null
  readonly type: string | null
  readonly findings: readonly {code: string; severity: Severity}[]
}

const linesOf = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as T)
const truthOf = (name: string): TruePacket[] =>
  linesOf(gunzipSync(readFileSync(fixture(`captures/${name}/truth.jsonl.gz`))).toString())

async function jsonOf(files: readonly string[], options: Parameters<typeof runStats>[1] = {}): Promise<StatsJson> {
  const {stdout, error} = await runStats(files, {json: true, ...options})
  expect(error).toBeUndefined()
  expect(stdout.trimEnd()).not.toContain('\n')
  return JSON.parse(stdout) as StatsJson
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

describe('parts of the statistics', () => {
  const small = {keylogs: [keylog('small')]}

  it('are printed alone where they are named, and fit 100 columns in a pipe', async () => {
    const {stdout: all} = await runStats([capture('small')], small)
    for (const part of ['throughput', 'types', 'connections', 'endings', 'routes', 'pings', 'findings'] as const) {
      const {stdout} = await runStats([capture('small')], {...small, only: [part]})
      expect(stdout.length).toBeGreaterThan(20)
      expect(all).toContain(stdout)
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    }
    for (const line of all.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('are members of the JSON object, with the source', async () => {
    const {stdout} = await runStats([capture('small')], {...small, json: true, only: ['types', 'endings']})
    expect(Object.keys(JSON.parse(stdout))).toEqual(['files', 'filter', 'types', 'connections'])
  })

  it('say where they hold nothing', async () => {
    const {stdout, stderr} = await runStats([capture('relay_only')], {only: ['routes']})
    expect([stdout, stderr]).toEqual(['', expect.stringMatching(/^there is nothing in the part routes of /)])
  })
})

describe('packets by type and direction', () => {
  it.each(['two_clients', 'small', 'bootstrapd_relay', 'relay_only'])('of %s are those of truth', async name => {
    const {types} = await jsonOf([capture(name)], {keylogs: [keylog(name)]})
    const expected: Record<string, {packets: BySide; bytes: BySide}> = {}
    for (const {direction, frame_len, plaintext} of truthOf(name)) {
      const type = typeOf('packet', Number.parseInt(plaintext.slice(0, 2), 16))!.name
      const side = direction === 'c2s' ? 'client' : 'relay'
      expected[type] ??= {packets: {client: 0, relay: 0}, bytes: {client: 0, relay: 0}}
      const {packets, bytes} = expected[type] as Record<'packets' | 'bytes', Record<'client' | 'relay', number>>
      packets[side]++
      bytes[side] += frame_len + 2
    }
    const found = types
      .filter(({type}) => type !== null && !type.endsWith('handshake'))
      .map(({type, packets, bytes}) => [type, {packets, bytes}])
    expect(Object.fromEntries(found)).toEqual(expected)
  })

  it('say what was not opened, where there is no key', async () => {
    const {types, connections} = await jsonOf([capture('small')])
    expect(types.map(({type, what}) => type ?? what)).toEqual(['sealed', 'client_handshake', 'relay_handshake'])
    expect(connections.every(({state}) => state.open === 0 && state.sealed > 0)).toBe(true)
  })
})

describe('statistics', () => {
  const name = 'synthetic_clients'
  const opened = {keylogs: [keylog(name)]}

  it('add up over types, connections and time', async () => {
    const {records, packets, bytes, types, connections, throughput, other_connections} = await jsonOf(
      [capture(name)],
      opened,
    )
    for (const side of ['client', 'relay'] as const) {
      expect(sumOf(types.map(type => type.packets[side]))).toBe(packets[side])
      expect(sumOf(connections.map(connection => connection.packets[side]))).toBe(packets[side])
      expect(sumOf(types.map(type => type.bytes[side]))).toBe(bytes[side])
      expect(sumOf(connections.map(connection => connection.bytes[side]))).toBe(bytes[side])
      expect(sumOf(throughput[side])).toBe(bytes[side])
    }
    expect([records, connections.length, other_connections]).toEqual([884, 31, 2])
  })

  it('tell of findings and ends what the packets tell', async () => {
    const {findings, connections} = await jsonOf([capture(name)], opened)
    const {stdout} = await toxtcp(['read', capture(name), '--keylog', keylog(name), '--json'])
    const records = linesOf<ReadRecord>(stdout)
    for (const {code, count, first, severity} of findings) {
      const having = records.filter(record => record.findings.some(found => found.code === code))
      expect(sumOf(having.map(record => record.findings.filter(found => found.code === code).length)), code).toBe(count)
      const severities = having.flatMap(record => record.findings.filter(found => found.code === code))
      const worst = severities.map(found => found.severity).reduce((a, b) => (compareSeverity(a, b) >= 0 ? a : b))
      expect([having[0]!.number, worst], code).toEqual([first, severity])
    }
    expect(new Set(records.flatMap(record => record.findings.map(({code}) => code)))).toEqual(
      new Set(findings.map(({code}) => code)),
    )
    for (const {connection, findings: counts} of connections) {
      const own = records.filter(record => record.connection === connection).flatMap(record => record.findings)
      expect(sumOf(Object.values(counts))).toBe(own.length)
    }
    const first = connections[0]!
    expect(first.end).toMatchObject({
      close: 'fin',
      from: 'relay',
      cause: {code: 'client-key-confirmed-again', number: 164},
    })
    expect(connections.find(({connection}) => connection === 5)!.end).toMatchObject({
      from: 'relay',
      cause: {code: 'reserved-id'},
    })
    expect(connections.find(({connection}) => connection === 4)!.end).toMatchObject({
      from: 'client',
      cause: {code: 'client-left', receivers: []},
    })
  })

  it('tell who asked for whom, and how long they were online', async () => {
    const {routes, connections} = await jsonOf([capture('two_clients')], {keylogs: [keylog('two_clients')]})
    const keyOf = new Map(connections.map(({connection, client_pk}) => [connection, client_pk]))
    for (const {connection, client_pk} of routes) expect(client_pk).toBe(keyOf.get(connection))
    expect(
      routes.map(({connection, pk, connection_id, lives, state}) => [connection, pk, connection_id, lives, state]),
    ).toEqual([
      [0, keyOf.get(1), 16, 1, 'given_up'],
      [0, keyOf.get(2), 16, 1, 'given_up'],
      [0, keyOf.get(2), 16, 0, 'given_up'],
      [1, keyOf.get(0), 16, 1, 'given_up'],
      [2, keyOf.get(0), 16, 1, 'offline'],
    ])
    expect(routes[0]!.online_seconds).toBeCloseTo(42.765, 2)
  })

  it('tell ping times as the packets tell them', async () => {
    const {pings} = await jsonOf([capture('relay_only')], {keylogs: [keylog('relay_only')]})
    const {stdout} = await toxtcp([
      'read',
      capture('relay_only'),
      '--keylog',
      keylog('relay_only'),
      '-T',
      'fields',
      '-e',
      'from',
      '-e',
      'inferred.round_trip_micros',
    ])
    for (const asker of ['client', 'relay']) {
      const times = stdout
        .split('\n')
        .map(line => line.split('\t'))
        .filter(
          ([from, micros]) =>
            micros !== '' && micros !== undefined && from === (asker === 'client' ? 'relay' : 'client'),
        )
        .map(([, micros]) => Number(micros))
        .sort((a, b) => a - b)
      for (const row of pings.filter(({from}) => from === asker)) {
        expect(row).toMatchObject({
          answered: times.length,
          min_micros: times[0],
          median_micros: times[Math.ceil(times.length / 2) - 1],
          max_micros: times.at(-1),
        })
      }
    }
    expect(pings.map(({connection, from}) => [connection, from])).toEqual([
      [null, 'client'],
      [null, 'relay'],
      [0, 'client'],
      [0, 'relay'],
    ])
  })

  it('count only what a filter matches, and still know the connections', async () => {
    const all = await jsonOf([capture('two_clients')], {keylogs: [keylog('two_clients')]})
    const some = await jsonOf([capture('two_clients')], {
      keylogs: [keylog('two_clients')],
      filter: 'type == data && from == client',
    })
    const data = all.types.find(({type}) => type === 'data')!
    expect(some.types).toMatchObject([{type: 'data', packets: {client: data.packets.client, relay: 0}}])
    expect(some.records).toBe(data.packets.client)
    expect(some.connections.map(({client_pk, start, end}) => ({client_pk, start, end}))).toEqual(
      all.connections.map(({client_pk, start, end}) => ({client_pk, start, end})),
    )
  })

  it('take several files as one, gzip and standard input', async () => {
    const [one, two] = [
      await jsonOf([capture('small')], {keylogs: [keylog('small')]}),
      await jsonOf([capture('relay_only')], {keylogs: [keylog('relay_only')]}),
    ]
    const both = await jsonOf([capture('small'), capture('relay_only')], {
      keylogs: [keylog('small'), keylog('relay_only')],
    })
    expect([both.records, both.packets.client]).toEqual([
      one.records + two.records,
      one.packets.client + two.packets.client,
    ])
    const piped = await jsonOf(['-'], {keylogs: [keylog('small')], input: [readFileSync(capture('small'))]})
    expect({...piped, files: []}).toEqual({...one, files: []})
  })

  it('are the same on threads as on one', async () => {
    for (const of of amountOf(['synthetic_clients', 'port_reuse', 'two_clients'], 2)) {
      const args = ['stats', capture(of), '--keylog', keylog(of), '--json', '--threads']
      const [alone, threads] = [await toxtcpHere([...args, '0']), await toxtcpHere([...args, '3'])]
      expect(threads).toEqual(alone)
      expect(alone.status).toBe(0)
    }
  })
})

describe('--connection', () => {
  it('counts only these connections', async () => {
    const options = {keylogs: [keylog('small')], json: true}
    const rows = async (connections: string): Promise<readonly {connection: number}[]> =>
      JSON.parse((await runStats([capture('small')], {...options, connections})).stdout).connections
    expect((await rows('1')).map(({connection}) => connection)).toEqual([1])
    expect((await rows('0-1')).map(({connection}) => connection)).toEqual([0, 1])
  })
})

describe("a proxy's recording", () => {
  it('has what the proxy noted among the findings, as in read and why', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'toxtcp-stats-')), 'noted.pcapng')
    const comment = 'client: the proxy closed it [toxtcp closed-by-proxy {"why":"it was stopped"}]'
    const secrets = decryptionSecrets(secretsType, readFileSync(keylog('small')))
    const packets = packetsOf(readFileSync(capture('small'))).map(({time, bytes, start, end}, i) =>
      enhancedPacket({time: time!, bytes: bytes.slice(start, end), resolution: 6, ...(i > 4 && i < 20 && {comment})}),
    )
    writeFileSync(file, Buffer.concat([sectionHeader(), interfaceDescription({linkType: 1}), secrets, ...packets]))
    const {stdout} = await runStats([file], {only: ['findings'], columns: 100})
    expect(stdout).toContain('closed-by-proxy')
  })
})

describe('a peak', () => {
  it('names its interval, and is the same on pages of any width', async () => {
    const captions = await Promise.all(
      [60, 100, 200].map(async columns => {
        const {stdout} = await runStats([capture('two_clients')], {only: ['throughput'], columns})
        return stdout.match(/peak .*/g)
      }),
    )
    expect(captions).toEqual(captions.map(() => ['peak 217 kB/s over 1 s', 'peak 216 kB/s over 1 s']))
  })
})

describe('exit status', () => {
  it('is 1 for findings as bad as --fail-on says', async () => {
    const failing = async (name: string, failOn: 'error' | 'warn' | 'note' | 'chat') =>
      (await runStats([capture(name)], {keylogs: [keylog(name)], failOn})).status
    expect(await failing('synthetic_clients', 'error')).toBe(1)
    expect(await failing('two_clients', 'error')).toBe(0)
    expect(await failing('synthetic_clients', 'warn')).toBe(1)
    expect(await failing('two_clients', 'note')).toBe(1)
    expect(await failing('relay_only', 'note')).toBe(0)
  })

  it('is 0 for warnings in a file transfer between c-toxcore clients', async () => {
    const options = {keylogs: [keylog('two_clients')], failOn: 'warn'} as const
    expect((await runStats([capture('two_clients')], options)).status).toBe(0)
  })

  it('follows the implementation that --peers names', async () => {
    const failing = async (peers: PeersName) =>
      (await runStats([capture('two_clients')], {keylogs: [keylog('two_clients')], failOn: 'warn', peers})).status
    expect([await failing('auto'), await failing('c-toxcore'), await failing('tox-rs')]).toEqual([0, 0, 1])
  })

  it('is 2 for a capture that is cut off, after all before it', async () => {
    const whole = readFileSync(capture('small'))
    const {status, stdout, error} = await runStats(['-'], {
      keylogs: [keylog('small')],
      input: [whole.subarray(0, 20_000)],
    })
    expect([status, error?.message]).toEqual([2, expect.stringContaining('cut off')])
    expect(stdout).toContain('Packets by type')
  })

  it('is 2 for what is no capture, and nothing is printed', async () => {
    const {status, stdout, error} = await runStats(['README.md'])
    expect([status, stdout, error?.message]).toEqual([2, '', expect.stringContaining('this is not a capture file')])
  })

  it('is 2 without a file, and with a filter that has a mistake', async () => {
    expect((await runStats([])).error?.message).toBe('no capture file is given')
    expect((await runStats([capture('small')], {filter: 'tpye == data'})).error?.message).toContain('tpye')
  })

  it('is 0 where there is no Tox, and a note says so', async () => {
    const empty = readFileSync(capture('small')).subarray(0, 24)
    const {status, stdout, stderr} = await runStats(['-'], {input: [empty]})
    expect([status, stdout]).toEqual([0, expect.stringContaining('Connections 0')])
    expect(stderr).toContain('no Tox connection')
  })
})

describe('pages', () => {
  it.each(['two_clients', 'synthetic_clients'])('of %s fit, and look as they always did', async name => {
    for (const columns of [80, 200]) {
      const files = [capture(name)]
      const {stdout} = await runStats(files, {keylogs: [keylog(name)], columns})
      const page = stdout.replace(files[0]!, 'capture.pcap')
      for (const line of page.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns)
      await expect(page).toMatchFileSnapshot(`../../golden/stats/${name}-${columns}.txt`)
    }
  })

  it.each(['two_clients', 'synthetic_clients', 'small'])(
    'of %s fit into every width from 40 columns on, and cut no number',
    async name => {
      const whole = (await runStats([capture(name)], {keylogs: [keylog(name)], columns: 400})).stdout
      const numbers = new Set(whole.match(/\d[\d.]*/g))
      for (const columns of amountOf([40, 61, 79, 47, 53, 60, 66, 70, 72, 90, 110], 3)) {
        const {stdout} = await runStats([capture(name)], {keylogs: [keylog(name)], columns})
        for (const line of stdout.split('\n')) expect(textWidth(line), line).toBeLessThanOrEqual(columns)
        for (const table of stdout.split('Packets by type')[1]!.split('\n'))
          for (const number of table.match(/(?<= {2})\d[\d.]*(?= |$)/g) ?? []) expect(numbers).toContain(number)
      }
    },
  )

  it('can be drawn in ASCII and in colour', async () => {
    const files = [capture('two_clients')]
    const options = {keylogs: [keylog('two_clients')], columns: 80}
    const ascii = (await runStats(files, {...options, isAscii: true})).stdout.replace(files[0]!, 'capture.pcap')
    expect(ascii).toMatch(/^[\n\x20-\x7e]*$/)
    await expect(ascii).toMatchFileSnapshot('../../golden/stats/two_clients-ascii.txt')
    const colored = (await runStats(files, {...options, color: true})).stdout.replace(files[0]!, 'capture.pcap')
    await expect(colored).toMatchFileSnapshot('../../golden/stats/two_clients-color.txt')
    const plain = (await runStats(files, options)).stdout.replace(files[0]!, 'capture.pcap')
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})

describe('the names of peers', () => {
  const keylogs = ['sessions', 'inner'].map(log => fixture(`captures/two_clients/${log}.keylog`))
  const anna = 'c5f0e87ea40e37ee6779d4597ce3d47b08cda20eec63625b1de8754de76ba75a'
  const tables = async (options: Parameters<typeof runStats>[1]) =>
    (await runStats([capture('two_clients')], {keylogs, threads: 0, ...options})).stdout

  it('that they said are beside their keys in every table that has keys', async () => {
    const {stdout} = await runStats([capture('two_clients')], {keylogs, threads: 0})
    for (const title of ['Connections', 'How they ended', 'Routes', 'net_crypto sessions (A / B)', 'Onion'])
      expect(stdout.split(`\n${title}\n`)[1]!.split('\n\n')[0], title).toContain('Анна Новая (6e3d…dd11)')
  })

  it('are those of labels before those that they said, and not in JSON', async () => {
    const labels = new Map([[anna, 'Eve\u001b[31m']])
    const stdout = await tables({labels})
    expect(stdout).toContain('Eve\\x1b[31m (6e3d…dd11)')
    expect(stdout).not.toContain('Анна Новая')
    expect(await tables({labels, json: true})).not.toContain('Eve')
  })
})

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {type DuckDBConnection, DuckDBInstance} from '@duckdb/node-api'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {ParquetOutput} from '../../../src/terminal/parquet-output.js'
import {amountOf} from '../../amount.js'
import {needs} from '../calls/refused-additions.js'
import {plainEnv, runFile, shell, toxtcp, toxtcpHere} from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-parquet-'))
const clients = resolve('fixtures/captures/synthetic_clients')
const capture = join(clients, 'capture.pcap')
const keys = ['--keylog', join(clients, 'sessions.keylog')]
const parquet = (path: string, ...more: string[]): string[] => ['-T', 'parquet', '-w', join(folder, path), ...more]

let database: DuckDBConnection
beforeAll(async () => {
  database = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => {
  database.closeSync()
  rmSync(folder, {recursive: true})
})

/** What a query answers: one value a row. @param files as DuckDB takes them, perhaps with a star. */
async function answers(columns: string, files: string, rest = ''): Promise<unknown[]> {
  const query = `SELECT ${columns} FROM read_parquet('${join(folder, files)}') ${rest}`
  return (await database.runAndReadAll(query)).getRowsJson().map(row => row[0])
}

interface Row extends Readonly<Record<string, unknown>> {
  readonly time: number | null
  readonly time_nanos: number | null
}

/** The rows of files as records of JSON, in their order. */
async function recordsIn(files: string): Promise<unknown[]> {
  const rows = await answers('to_json(row)::VARCHAR', files, 'AS row')
  return rows.map(row => withoutNulls(asRecord(JSON.parse(String(row)) as Row)))
}

/** A row with its time as JSON has it. DuckDB prints fewer digits where they are zeros, so it is asked for numbers. */
function asRecord({time, time_nanos: nanos, ...rest}: Row): unknown {
  if (time === null) return rest
  const date = new Date(String(time).replace(' ', 'T').replace('+00', 'Z'))
  const micros = /\.(\d+)/.exec(String(time))?.[1]?.padEnd(6, '0') ?? '000000'
  const fraction = nanos === 0 ? micros : `${micros}${String(nanos).padStart(3, '0')}`
  return {...rest, time: `${date.toISOString().slice(0, 19)}.${fraction}Z`}
}

/** A row has every member, and null in place of those that a record lacks. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}

const linesOf = (text: string): unknown[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => withoutNulls(JSON.parse(line)))

/** Captures whose records differ: of the variants that lose nothing, those in other formats than pcap. */
const captures = readdirSync('fixtures', {recursive: true, encoding: 'utf8'})
  .filter(name => /\.pcap(ng)?(\.gz)?$/.test(name))
  .map(name => join('fixtures', name))
  .filter(file => !file.endsWith('.pcap') || expectationOf(dirname(file))?.expect.all !== true)

/** The keys of a capture: of its folder, or of the capture that a variant was made of. */
function keysOf(file: string): string[] {
  const beside = readdirSync(dirname(file)).filter(name => name.endsWith('.keylog'))
  const folders = beside.length > 0 ? beside.map(name => join(dirname(file), name)) : keysOfOriginal(dirname(file))
  return folders.flatMap(path => ['--keylog', path])
}

function keysOfOriginal(variant: string): string[] {
  const {keys} = expectationOf(variant) ?? {}
  return keys === undefined ? [] : [join('fixtures', keys.replace('keys.json', 'sessions.keylog'))]
}

/** What is expected of a variant; undefined: the folder has none. */
function expectationOf(variant: string): {keys: string; expect: {all: boolean}} | undefined {
  if (!existsSync(join(variant, 'expect.json'))) return undefined
  return JSON.parse(readFileSync(join(variant, 'expect.json'), 'utf8'))
}

describe('read -T parquet', () => {
  it('finds captures to compare', () => expect(captures.length).toBeGreaterThan(20))

  it.each(amountOf(captures, 8))('DuckDB reads every record of %s as JSON has it', async file => {
    const args = ['read', file, ...keysOf(file), '--bytes']
    const {stdout, stderr} = await toxtcpHere([...args, '--json'])
    const expected = linesOf(stdout)
    const {status} = await toxtcpHere([...args, ...parquet('all.parquet', '--force')])
    expect([0, 2]).toContain(status)
    if (expected.length === 0) expect(stderr).not.toBe('')
    else expect(await recordsIn('all.parquet')).toEqual(expected)
  })

  it('has the same columns whatever is in the file, and those of bytes only with --bytes', async () => {
    const columnsOf = (file: string) =>
      answers("column_name || ' ' || column_type", file, '').catch(async () => {
        const query = `DESCRIBE SELECT * FROM read_parquet('${join(folder, file)}')`
        return (await database.runAndReadAll(query)).getRowsJson().map(([name, type]) => `${name} ${type}`)
      })
    await toxtcpHere(['read', capture, ...parquet('sealed.parquet')])
    await toxtcpHere(['read', capture, ...keys, '-Y', 'length > 100000', ...parquet('empty.parquet')])
    await toxtcpHere(['read', capture, ...keys, '--bytes', ...parquet('bytes.parquet')])
    const columns = await columnsOf('sealed.parquet')
    expect(columns).toContain('time TIMESTAMP WITH TIME ZONE')
    expect(columns).toContain('number BIGINT')
    expect(columns).toContain('packets BIGINT[]')
    expect(await columnsOf('empty.parquet')).toEqual(columns)
    const names = (await columnsOf('bytes.parquet')).map(column => String(column).split(' ')[0])
    expect(names.filter(name => !columns.some(column => String(column).startsWith(`${name} `)))).toEqual([
      'plaintext',
      'opened',
      'wire',
    ])
  })

  it('answers queries on members of nested columns', async () => {
    await toxtcpHere(['read', capture, ...keys, ...parquet('query.parquet')])
    const lines = linesOf((await toxtcpHere(['read', capture, ...keys, '--json', '-Y', 'route_request'])).stdout)
    const wanted = lines.map(line => (line as {fields: {pk?: string}}).fields.pk ?? null)
    expect(wanted.length).toBeGreaterThan(3)
    expect(await answers('fields.pk', 'query.parquet', "WHERE type = 'route_request' ORDER BY number")).toEqual(wanted)
  })

  it('splits files by size, each with the rows that follow those of the one before', async () => {
    await toxtcpHere(['read', capture, ...keys, ...parquet('one.parquet')])
    const {stderr} = await toxtcpHere(['read', capture, ...keys, ...parquet('part.parquet', '--split-size', '10k')])
    const parts = readdirSync(folder)
      .filter(name => name.startsWith('part'))
      .sort()
    expect(parts.length).toBeGreaterThan(3)
    const [first, last] = [parts[0]!, parts.at(-1)!].map(name => join(folder, name))
    expect(stderr).toContain(`to ${parts.length} files, ${first} to ${last}`)
    expect(parts).toEqual(parts.map((_, at) => `part_${String(at + 1).padStart(5, '0')}.parquet`))
    for (const part of parts.slice(0, -1)) expect(statSync(join(folder, part)).size).toBeGreaterThan(10 * 1024)
    expect(await recordsIn('part_*.parquet')).toEqual(await recordsIn('one.parquet'))
    // Fewer files replace them all: what an earlier run wrote would be counted twice.
    const again = ['read', capture, ...keys, '-c', '10']
    const refused = await toxtcpHere([...again, ...parquet('part.parquet', '--split-size', '10M')])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('exists already')])
    await toxtcpHere([...again, ...parquet('part.parquet', '--split-size', '10M', '--force')])
    expect(readdirSync(folder).filter(name => name.startsWith('part'))).toEqual(['part_00001.parquet'])
    expect(await answers('count(*)::INTEGER', 'part_*.parquet')).toEqual([10])
  })

  it('replaces a file with what comes through a pipe', async () => {
    const piped = ['read', '-', ...keys, ...parquet('piped.parquet')]
    const input = readFileSync(capture)
    for (const more of [[], ['--force']])
      expect(await toxtcpHere([...piped, ...more], {input})).toMatchObject({status: 0})
    await toxtcpHere(['read', capture, ...keys, ...parquet('unpiped.parquet')])
    expect(await recordsIn('piped.parquet')).toHaveLength((await recordsIn('unpiped.parquet')).length)
  })

  it('writes the shards of a capture, which together are the whole', async () => {
    await toxtcpHere(['read', capture, ...keys, ...parquet('whole.parquet')])
    for (const number of [1, 2, 3])
      await toxtcpHere(['read', capture, ...keys, '--shard', `${number}/3`, ...parquet(`shard${number}.parquet`)])
    const columns = `concat_ws(' ', epoch_us(time), client, "from", kind, length, type, fields.pk, fields.data)`
    const whole = await answers(columns, 'whole.parquet', 'ORDER BY 1')
    expect(await answers(columns, 'shard?.parquet', 'ORDER BY 1')).toEqual(whole)
    const counts = await answers('count(*)::INTEGER', 'shard?.parquet', 'GROUP BY connection, client')
    expect(counts.length).toBeGreaterThan(3)
  })

  it('is the same through a pipe and on any number of threads, and heeds -Y, -c, -n and --fail-on', async () => {
    const args = ['read', capture, ...keys]
    const bytes = async (name: string, ...more: string[]) => {
      const run = await toxtcpHere([...args, ...more, ...parquet(`${name}.parquet`)])
      return {status: run.status, file: readFileSync(join(folder, `${name}.parquet`))}
    }
    const one = await bytes('t0', '--threads', '0')
    expect((await bytes('t2', '--threads', '2')).file).toEqual(one.file)
    const piped = join(folder, 'piped.parquet')
    const script = `'${process.execPath}' '${runFile}' "$@" > '${piped}'`
    const child = spawn('bash', ['-c', script, 'bash', ...args, '-T', 'parquet'], {env: plainEnv})
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(readFileSync(piped)).toEqual(one.file)
    await bytes('few', '-Y', 'kind == frame', '-c', '3')
    expect(await answers('kind', 'few.parquet')).toEqual(['frame', 'frame', 'frame'])
    await bytes('numbers', '-n', '5-7')
    expect(await answers('number::INTEGER', 'numbers.parquet')).toEqual([5, 6, 7])
    expect((await bytes('failing', '--fail-on', 'chat')).status).toBe(1)
  })

  it('writes what comes before the end of a cut capture, and ends with status 2', async () => {
    const cut = join(folder, 'cut.pcap')
    writeFileSync(cut, readFileSync(capture).subarray(0, 50_001))
    const {status, stderr} = await toxtcpHere(['read', cut, ...keys, ...parquet('cut.parquet')])
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^wrote \d+ records to /m)])
    const {stdout} = await toxtcpHere(['read', cut, ...keys, '--json', '--bytes'])
    await toxtcpHere(['read', cut, ...keys, '--bytes', ...parquet('cut.parquet', '--force')])
    expect(await recordsIn('cut.parquet')).toEqual(linesOf(stdout))
  })
})

describe('the README', () => {
  const readme = readFileSync('README.md', 'utf8')

  it('shows how shards of captures become files that DuckDB queries', async () => {
    const store = mkdtempSync(join(folder, 'readme-'))
    cpSync('fixtures/demo', store, {recursive: true, dereference: true})
    mkdirSync(join(store, 'store'))
    cpSync(join(store, 'capture.pcap'), join(store, 'store', 'capture.pcap'))
    const [command] = / {4}mkdir -p lake\n {4}parallel .*$/m.exec(readme)!
    // What GNU parallel does with this line, for machines without it.
    const parallel =
      'parallel() { local job=$1; shift 2; for at; do eval "$(sed "s/{}/$at/g" <<< "$job")" || return; done; }'
    const line = `command -v parallel >/dev/null || ${parallel}; set -e; ${command}`
    const {status, stderr} = await shell(line, {cwd: store})
    expect([status, readdirSync(join(store, 'lake'))], stderr).toEqual([
      0,
      ['shard1.parquet', 'shard2.parquet', 'shard3.parquet', 'shard4.parquet'],
    ])
    const queries = [.../^```sql\n([\s\S]*?)^```$/m.exec(readme)![1]!.matchAll(/^.*;$/gm)].map(([query]) => query)
    expect(queries.length).toBeGreaterThan(3)
    for (const query of queries) {
      const rows = await database.runAndReadAll(query.replaceAll("'lake/", `'${join(store, 'lake')}/`))
      expect(rows.getRowsJson().length, query).toBeGreaterThan(0)
    }
  })
})

describe('files of Parquet', () => {
  const made = (prefix: string) => readdirSync(folder).filter(name => name.startsWith(prefix))

  it('leaves nothing where the input cannot be read', async () => {
    writeFileSync(join(folder, 'text.pcap'), 'this is text')
    const {status} = await toxtcpHere(['read', join(folder, 'text.pcap'), ...parquet('nothing.parquet')])
    expect([status, made('nothing')]).toEqual([2, []])
  })

  it('leaves nothing at Ctrl-C', async () => {
    const inside = mkdtempSync(join(folder, 'stopped-'))
    const begun = watch(inside)
    const args = ['read', '-', '-T', 'parquet', '-w', join(inside, 'out.parquet'), '--split-size', '1k']
    const child = spawn(process.execPath, [runFile, ...args], {env: plainEnv, stdio: ['pipe', 'ignore', 'ignore']})
    child.stdin.on('error', () => undefined).write(readFileSync(capture).subarray(0, 50_000))
    await once(begun, 'change')
    begun.close()
    expect(readdirSync(inside)).toEqual([expect.stringMatching(/^out_00001\.parquet\.[0-9a-f]{12}\.tmp$/)])
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(readdirSync(inside)).toEqual([])
  })

  it.each([
    [['-x'], needs('-x', 'hex', 'parquet')],
    [['-t', 'e'], '-t needs -T'],
    [['-V'], '-V and -T parquet ask for two formats at once'],
    [['-w', 'out.parquet', '--embed-keys'], '--embed-keys has no effect with -T parquet'],
    [['--split-size', '1M'], 'split-size'],
    [['-w', '-', '--split-size', '1M'], '--split-size needs the name of a file'],
    [['-w', 'out.parquet', '--split-size', 'much'], '--split-size "much" is not a number of bytes'],
  ])('read -T parquet %j is refused', async (more, sentence) => {
    const {status, stdout, stderr} = await toxtcpHere(['read', capture, '-T', 'parquet', ...more])
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(sentence)])
  })

  it('is a form of read alone', async () => {
    const {status, stderr} = await toxtcp(['decode', '0400', '-T', 'parquet'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('"parquet" is not one of list, tree, json')])
    const other = await toxtcpHere(['read', capture, '-w', join(folder, 'x.pcapng'), '--split-size', '1M'])
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('has no effect without -T parquet')])
  })

  it('is not written to a terminal', () => {
    const options = {path: undefined, splitSize: undefined, force: false, withBytes: false}
    expect(() => new ParquetOutput(options, {isOutputTerminal: true})).toThrow('Parquet is not written to a terminal')
  })
})

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {beforeAll, describe, expect, it} from 'vitest'
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../src/capture/write/writer.js'
import {secretsType} from '../../../src/proxy/recording/recording-format.js'
import type {Time} from '../../../src/wire/chunk.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../../src/wire/input-error.js'
import {amount, amountOf} from '../../amount.js'
import {packetsOf as packetsIn} from '../../capture/collect.js'
import {captures, runRead, variants} from '../../reading/capture-files.js'
import {plainEnv, type Run, runFile, shell, started, toxtcp, toxtcpHere} from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-read-'))
const fixture = (name: string) => resolve(`fixtures/captures/${name}/capture.pcap`)
const keylog = (name: string) => resolve(`fixtures/captures/${name}/sessions.keylog`)
const read = (name: string, ...more: string[]) => toxtcpHere(['read', fixture(name), '--keylog', keylog(name), ...more])

describe.concurrent('threads', () => {
  it.each(amountOf(['synthetic_clients', 'port_reuse', 'two_clients'], 2))(
    'change nothing of what is read from %s',
    async name => {
      const [none, one, three] = await Promise.all(
        ['0', '1', '3'].map(count => read(name, '--json', '--bytes', '--threads', count)),
      )
      expect(none!.status).toBe(0)
      expect(none!.stdout.length).toBeGreaterThan(1000)
      expect(one).toEqual(none)
      expect(three).toEqual(none)
    },
  )

  describe.each(['0', '2'])('know a key that stands in a capture (%s threads)', count => {
    const file = join(folder, `key-within-${count}.pcapng`)
    const behind = 100
    // Another capture's keys: the program can open frames from the start.
    const options = ['--keylog', keylog('port_reuse'), '--json', '-Y', 'kind == frame', '--threads', count]

    beforeAll(() => {
      const blocks = packetsOf(fixture('small')).map(({time, bytes}) =>
        enhancedPacket({time: time!, bytes: Buffer.from(bytes, 'hex'), resolution: 6}),
      )
      blocks.splice(behind, 0, decryptionSecrets(secretsType, readFileSync(keylog('small'))))
      writeFileSync(file, Buffer.concat([sectionHeader(), interfaceDescription({linkType: 1}), ...blocks]))
    })

    const statesIn = (stdout: string) => {
      const states = {early: new Set<string>(), late: new Set<string>()}
      for (const line of stdout.trimEnd().split('\n')) {
        const {state, packets} = JSON.parse(line) as {state: string; packets: number[]}
        states[packets.every(packet => packet <= behind) ? 'early' : 'late'].add(state)
      }
      return states
    }

    it('from its first packet on, as a file can be read twice', async () => {
      const {stdout, stderr} = await toxtcpHere(['read', file, ...options])
      expect(stderr).toBe('')
      expect(statesIn(stdout)).toEqual({early: new Set(['open']), late: new Set(['open'])})
    })

    it('from there on where it comes through a pipe, and say what stayed sealed before', async () => {
      const {stdout, stderr} = await toxtcpHere(['read', '-', ...options], {input: readFileSync(file)})
      expect(stderr).toMatch(
        /^\d+ frames stayed sealed: their key came after them: read the capture again from a file\n$/,
      )
      expect(statesIn(stdout)).toEqual({early: new Set(['sealed']), late: new Set(['open'])})
    })
  })

  it.each(['0', '2'])('say nothing of damage behind the last record that is wanted (%s threads)', async count => {
    const file = join(folder, `cut-behind-${count}.pcap`)
    writeFileSync(file, readFileSync(fixture('two_clients')).subarray(0, 1_000_003))
    const args = ['read', file, '--keylog', keylog('two_clients'), '--threads', count]
    const [few, all] = [await toxtcpHere([...args, '-c', '5']), await toxtcpHere(args)]
    expect([few.status, few.stderr]).toEqual([0, ''])
    expect([all.status, all.stderr]).toEqual([2, expect.stringContaining('cut off')])
  })

  it.each(['0', '2'])('know what a key log grows by (%s threads)', async count => {
    const log = join(folder, `growing-${count}.keys`)
    writeFileSync(log, readFileSync(keylog('port_reuse')))
    const input = readFileSync(fixture('small'))
    const {status, stdout} = await new Promise<Run>(done => {
      const args = ['read', '-', '--keylog', log, '--threads', count, '--json']
      const child = started(args, done)
      child.stdout.once('data', () => {
        appendFileSync(log, readFileSync(keylog('small')))
        child.stdin.end(input.subarray(20_000))
      })
      child.stdin.write(input.subarray(0, 20_000))
    })
    const states = stdout.split('\n').filter(line => line.includes('"kind":"frame"') && line.includes('"state":"open"'))
    expect(status).toBe(0)
    expect(states.length).toBeGreaterThan(100)
  })

  it.each(['0', '2'])('wait for a key log that does not exist yet, and miss no frame (%s threads)', async count => {
    const log = join(folder, `later-${count}.keys`)
    const input = readFileSync(fixture('small'))
    const {stdout, stderr} = await new Promise<Run>(done => {
      const args = ['read', '-', '--keylog', log, '--threads', count, '-T', 'fields', '-e', 'state']
      const child = started([...args, '-Y', 'kind == frame'], done)
      child.stderr.once('data', () => {
        writeFileSync(log, readFileSync(keylog('small')))
        child.stdin.end(input.subarray(24))
      })
      child.stdin.write(input.subarray(0, 24))
    })
    expect(new Set(stdout.trimEnd().split('\n'))).toEqual(new Set(['open']))
    expect(stderr).toContain('does not exist yet')
  })
})

describe.concurrent('writing', () => {
  it('copies a connection with its keys, readable by itself, for nobody else', async () => {
    const out = join(folder, 'one.pcapng')
    expect((await read('small', '--connection', '1', '-w', out, '--embed-keys')).status).toBe(0)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const bytes = readFileSync(out)
    expect(
      bytes.readUInt32LE(bytes.readUInt32LE(4)),
      'an interface first, without which editcap refuses the file',
    ).toBe(1)
    const again = await toxtcpHere(['read', out, '--json', '--bytes', '-Y', 'kind == frame'])
    const [first] = [await read('small', '--json', '--bytes', '-Y', 'connection == 1 && kind == frame')]
    const plain = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map(line => (JSON.parse(line) as {plaintext: string}).plaintext)
    expect(plain(again.stdout)).toEqual(plain(first!.stdout))
  })

  it('embeds the keys of inner boxes that opened, too, and no secret key', async () => {
    const out = join(folder, 'inner.pcapng')
    const inner = ['--keylog', 'fixtures/captures/small/inner.keylog']
    const {stderr} = await read('small', ...inner, '-w', out, '--embed-keys')
    expect(stderr).toMatch(/with the keys of 2 connections and \d+ keys of boxes inside packets/)
    const [again, first] = await Promise.all([
      toxtcp(['read', out, '--json', '--bytes', '-Y', 'kind == frame']),
      read('small', ...inner, '--json', '--bytes', '-Y', 'kind == frame'),
    ])
    expect(again.stdout).toBe(first.stdout)
    const embedded = readFileSync(out, 'latin1')
    expect(embedded).toContain('TOX_CRYPTO_SESSION')
    expect(embedded).not.toContain('TOX_SECRET_KEY')
  })

  it('copies only the packets that match, bytes and times as they were', async () => {
    const out = join(folder, 'pings.pcapng')
    expect((await read('small', '-Y', 'ping_request', '-w', out)).status).toBe(0)
    const {stdout} = await read('small', '-Y', 'ping_request', '--json')
    const numbers = stdout
      .trimEnd()
      .split('\n')
      .flatMap(line => (JSON.parse(line) as {packets: number[]}).packets)
    const original = packetsOf(fixture('small'))
    const wanted = [...new Set(numbers)].sort((a, b) => a - b).map(number => original[number - 1])
    expect(wanted.length).toBeGreaterThan(1)
    expect(packetsOf(out)).toEqual(wanted)
    expect(readFileSync(out).includes('TOX_TCP_SESSION')).toBe(false)
  })

  it('makes no file where nothing matches', async () => {
    const out = join(folder, 'nothing.pcapng')
    const {status, stderr} = await read('small', '-Y', 'length > 100000', '-w', out)
    expect([status, stderr]).toEqual([1, `nothing matches, so ${out} is not written\n`])
    expect(existsSync(out)).toBe(false)
  })

  it('never replaces what it reads, and makes no file named -', async () => {
    const own = join(folder, 'own.pcap')
    const original = readFileSync(fixture('small'))
    writeFileSync(own, original)
    const refused = await toxtcpHere(['read', own, '-w', own, '--force'])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('is also an input file')])
    expect(readFileSync(own)).toEqual(original)
    expect((await toxtcp(['read', own, '-w', '-'], {cwd: folder})).status).toBe(0)
    expect(readdirSync(folder)).not.toContain('-')
  })

  it('heeds --follow and -c', async () => {
    const [followed, chosen, first] = ['followed', 'chosen', 'first'].map(name => join(folder, `${name}.pcapng`))
    await Promise.all([
      read('small', '--follow', '1', '-w', followed!),
      read('small', '--connection', '1', '-w', chosen!),
      read('small', '-Y', 'kind == frame', '-c', '1', '-w', first!),
    ])
    expect(readFileSync(followed!)).toEqual(readFileSync(chosen!))
    expect(packetsOf(first!)).toHaveLength(1)
  })

  it('leaves a file that is there alone, and no half one behind', async () => {
    const out = join(folder, 'there.pcapng')
    writeFileSync(out, 'precious')
    const refused = await read('small', '-w', out)
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('exists already')])
    expect(readFileSync(out, 'utf8')).toBe('precious')
    expect((await read('small', '-w', out, '--force')).status).toBe(0)
    expect(readFileSync(out).length).toBeGreaterThan(100_000)
    const elsewhere = await read('small', '-w', join(folder, 'no', 'such', 'folder.pcapng'))
    expect(elsewhere.status).toBe(2)
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })
})

// Not beside tests that run the program in this process: they would keep the signal from it.
describe('writing that is stopped', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['SIGTERM', 143],
  ] as const)('leaves nothing at %s while it writes keys', async (signal, status) => {
    const inside = mkdtempSync(join(folder, 'stopped-'))
    const begun = watch(inside)
    // Copying that many packets takes far longer than a signal.
    const files = new Array<string>(20).fill(fixture('two_clients'))
    const args = ['read', ...files, '--keylog', keylog('two_clients'), '-w', join(inside, 'out.pcapng'), '--embed-keys']
    const child = spawn(process.execPath, [runFile, ...args], {env: plainEnv, stdio: 'ignore'})
    const ended = once(child, 'exit')
    await once(begun, 'change')
    begun.close()
    expect(readdirSync(inside)).toEqual([expect.stringMatching(/^out\.pcapng\.[0-9a-f]{12}\.tmp$/)])
    child.kill(signal)
    expect(await ended).toEqual([status, null])
    expect(readdirSync(inside)).toEqual([])
  })
})

describe.concurrent('pipes', () => {
  it('copies matching packets into a pipe, as -w copies them into a file', async () => {
    const file = join(folder, 'pipe.pcapng')
    expect((await read('small', '--connection', '1', '-w', file)).status).toBe(0)
    const {status, stdout} = await shell(
      `set -o pipefail; toxtcp read -r ${fixture('small')} --connection 1 -w - | cmp - ${file} && echo same`,
    )
    expect([status, stdout]).toEqual([0, 'same\n'])
  })

  it('shows each packet of a growing pipe as it arrives', async () => {
    const bytes = readFileSync(fixture('small'))
    const child = spawn(process.execPath, [runFile, 'read', '-', '--keylog', keylog('small'), '--json'], {
      env: plainEnv,
    })
    let text = ''
    const shown = (word: string) =>
      new Promise<void>(done => {
        const look = () => {
          if (!text.includes(word)) return
          child.stdout.off('data', look)
          done()
        }
        child.stdout.on('data', look)
        look()
      })
    child.stdout.on('data', part => {
      text += part
    })
    // Up to the packet with the first ping, and no byte more: what follows must not be needed.
    child.stdin.write(bytes.subarray(0, offsetBehind(bytes, 15)))
    await shown('"ping_request"')
    expect(text).not.toContain('"pong_response"')
    child.stdin.end(bytes.subarray(offsetBehind(bytes, 15)))
    await shown('"kind":"end"')
    await new Promise(done => child.on('close', done))
    expect(text.trimEnd().split('\n').length).toBeGreaterThan(340)
  })

  it('ends quietly when the reader has seen enough', async () => {
    const {status, stdout, stderr} = await shell(
      `toxtcp read '${fixture('two_clients')}' --keylog '${keylog('two_clients')}' --json | head -1`,
    )
    expect([status, stderr, stdout.trimEnd().split('\n').length]).toEqual([0, '', 1])
  })

  it('reads gzip from a file and from a pipe', async () => {
    const packed = join(folder, 'small.pcap.gz')
    writeFileSync(packed, gzipSync(readFileSync(fixture('small'))))
    const [plain, file] = await Promise.all([
      read('small', '-Y', 'kind == end', '--json'),
      toxtcpHere(['read', packed, '--keylog', keylog('small'), '-Y', 'kind == end', '--json']),
    ])
    const piped = await toxtcpHere(['read', '-', '--keylog', keylog('small'), '-Y', 'kind == end', '--json'], {
      input: readFileSync(packed),
    })
    const ends = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map(line => ({...(JSON.parse(line) as object), number: 0}))
    expect(ends(file.stdout)).toEqual(ends(plain.stdout))
    expect(ends(piped.stdout)).toEqual(ends(plain.stdout))
  })
})

/** Time and bytes of each packet of a capture. */
function packetsOf(file: string): {time: Time | null; bytes: string}[] {
  return packetsIn(readFileSync(file)).map(({time, bytes, start, end}) => ({time, bytes: toHex(bytes, start, end)}))
}

/** Offset behind the record of a packet, counted from 1, of a little-endian pcap. */
function offsetBehind(bytes: Buffer, packet: number): number {
  let at = 24
  for (let number = 0; number < packet; number++) at += 16 + bytes.readUInt32LE(at + 8)
  return at
}

describe('damaged captures', () => {
  let sources: {name: string; bytes: Uint8Array; keylogs: readonly string[]}[] = []
  beforeAll(() => {
    const files = [...captures, ...variants].filter(({file}) => statSync(file).size < 150_000 && !file.endsWith('.gz'))
    sources = files.map(({name, file, keylogs}) => ({name, bytes: new Uint8Array(readFileSync(file)), keylogs}))
  })

  it('give what can be read, or one sentence: mutated files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), {minLength: 1, maxLength: 400}),
        fc.option(fc.nat()),
        async (which, changes, cut) => {
          const {bytes, keylogs} = sources[which % sources.length]!
          const damaged = bytes.slice(0, cut === null ? bytes.length : cut % bytes.length)
          for (const [at, value] of changes) if (damaged.length > 0) damaged[at % damaged.length] = value
          const {status, error} = await runRead(['-'], keylogs, {}, [damaged])
          if (error !== undefined) {
            expect(error).toBeInstanceOf(InputError)
            expect((error as InputError).message).not.toContain('\n')
          } else expect(status).toBe(0)
        },
      ),
      {numRuns: amount(100, 30), seed: 20_261_123},
    )
  }, 300_000)

  it('cut at every packet of a capture give what came before', async () => {
    const {bytes, keylogs} = sources.find(({name}) => name === 'relay_only')!
    const buffer = Buffer.from(bytes)
    let before = 0
    for (let packet = 1; offsetBehind(buffer, packet) < bytes.length; packet++) {
      const whole = await runRead(['-'], keylogs, {}, [bytes.subarray(0, offsetBehind(buffer, packet))])
      expect([whole.status, whole.error]).toEqual([0, undefined])
      expect(whole.records.length).toBeGreaterThanOrEqual(before)
      before = whole.records.length - 1
      const cut = await runRead(['-'], keylogs, {}, [bytes.subarray(0, offsetBehind(buffer, packet) + 5)])
      expect(String(cut.error)).toMatch(/cut off inside a record at byte \d+/)
    }
  })
})

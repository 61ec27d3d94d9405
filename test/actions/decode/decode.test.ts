import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {type DecodeOptions, decode} from '../../../src/actions/decode.js'
import {encode} from '../../../src/actions/encode.js'
import type {KeyOptions} from '../../../src/files/keys/load-keys.js'
import type {Io} from '../../../src/terminal/io.js'
import {namedMistakes} from '../../../src/view/limits.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {parsePasted} from '../../../src/wire/hex/pasted.js'
import {InputError} from '../../../src/wire/input-error.js'
import {hexRepeatedBytes, pastedText} from '../../../src/wire/limits.js'
import {amount} from '../../amount.js'
import {vectorsOf} from '../../peer/vectors.js'
import {RecordedIo} from '../../terminal/recorded-io.js'
import {typeNameOf, vectors} from '../../view/vectors.js'

const noKeys: KeyOptions = {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}
const print = {
  tree: false,
  json: true,
  hex: false,
  bytes: false,
  ascii: false,

  fields: [],
  fieldOptions: [],
} as const

/** What `decode --lines --json` prints. */
async function decoded(lines: readonly string[], options: Partial<DecodeOptions> = {}): Promise<string> {
  const run = new RecordedIo({stdin: [lines.join('\n')]})
  expect(await decode({hex: [], lines: true, print, keys: noKeys, ...options}, run.io)).toBe(0)
  return run.stdout
}

describe('decode --as', () => {
  it("takes c-toxcore's constant for a packet type", async () => {
    const hex = '040000000000000001'
    expect(await decoded([hex], {as: 'TCP_PACKET_PING'})).toBe(await decoded([hex], {as: 'ping_request'}))
    expect(await decoded([`PACKET_ID_TYPING:3301`])).toBe(await decoded(['typing:3301']))
  })

  it('asks which type is meant where a constant names two', async () => {
    await expect(decoded(['f200'], {as: 'GP_CUSTOM_PACKET'})).rejects.toMatchObject({
      message: 'unknown type "GP_CUSTOM_PACKET" for --as',
      hint: expect.stringContaining('"group_custom_lossy" or "group_custom"'),
    })
  })
})

describe('decode --lines', () => {
  it.each([false, true])('gives every vector to encode, which gives its bytes back (with bytes: %s)', async bytes => {
    const lines = vectors.map(
      vector => `${vector.type === 'EncryptedFrame' ? 'frames' : typeNameOf(vector)}:${vector.hex}`,
    )
    const run = new RecordedIo({stdin: [await decoded(lines, {print: {...print, bytes}})]})
    expect(await encode({files: [], seal: false}, run.io)).toBe(0)
    expect(run.stdout.trimEnd().split('\n')).toEqual(vectors.map(({hex}) => hex))
  })

  it('opens the frames behind each pair of handshakes with its own session', async () => {
    const sessions = vectorsOf('Session').slice(0, 3)
    expect(sessions.length).toBe(3)
    const lines = sessions.flatMap(({c2s_hex: client, s2c_hex: relay}) => [
      `client_handshake:${client.slice(0, 256)}`,
      `relay_handshake:${relay.slice(0, 192)}`,
      `frames:${client.slice(256)}`,
      `frames:${relay.slice(192)}`,
    ])
    const secretKey = sessions.flatMap(({relay_sk: relay, client_session_sk: session}) => [relay, session])
    const records = (await decoded(lines, {keys: {...noKeys, secretKey}})).trimEnd().split('\n')
    const states = records.map(line => (JSON.parse(line) as {readonly state: string}).state)
    expect(states.length).toBeGreaterThan(30)
    expect(new Set(states)).toEqual(new Set(['open']))
  })
})

describe('decode of hostile input', () => {
  it('names the first lines that cannot be read, and counts the others', async () => {
    const lines = amount(100_000, 8000)
    const run = new RecordedIo({stdin: [`${'x\n'.repeat(lines)}packet:04`]})
    expect(await decode({hex: [], lines: true, print, keys: noKeys}, run.io)).toBe(2)
    expect(run.stdout.split('\n')).toHaveLength(2)
    expect(run.stderr.match(/^toxtcp: line \d+: /gm)).toHaveLength(namedMistakes)
    expect(run.stderr).toContain(`${lines - namedMistakes} more lines cannot be read`)
  })

  it('records stacks again after lines that cannot be read', async () => {
    const {stackTraceLimit} = Error
    await decode({hex: [], lines: true, print, keys: noKeys}, new RecordedIo({stdin: ['zz\nping_request:zz\n']}).io)
    expect(Error.stackTraceLimit).toBe(stackTraceLimit)
  })

  it('stops reading lines once the wanted records are printed', async () => {
    const lines = Array.from({length: amount(200_000, 40_000)}, () => '040000000000000001')
    expect((await decoded(lines, {count: 2})).trimEnd().split('\n').length).toBe(2)
  })

  it('names a bad line with its number, and decodes the others', async () => {
    const run = new RecordedIo({stdin: ['ping_request:04\nnope:05\n040000000000000001\n04zz\n']})
    expect(await decode({hex: [], lines: true, print, keys: noKeys}, run.io)).toBe(2)
    expect(
      run.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).type),
    ).toEqual(['ping_request', 'ping_request'])
    expect(run.stderr).toMatch(/^toxtcp: line 2: unknown type "nope" for --as\n/)
    expect(run.stderr).toContain('toxtcp: line 4: byte 2 of the hex is "zz", which is not hex\n')
  })

  it('prints the records of a long run of frames as they are decoded', async () => {
    const frames = amount(100_000, 8000)
    let records = 0
    const data = (text: string) => {
      records += text.split('\n').length - 1
      return true
    }
    const {io} = new RecordedIo({stdin: ['0000'.repeat(frames)], data})
    expect(await decode({hex: [], lines: false, as: 'frames', print, keys: noKeys}, io)).toBe(0)
    expect(records).toBe(frames)
  })

  it('reads more than pastedText characters as bare hex only', async () => {
    const row = '00000000: 04 00 00 00 00 00 00 00 01\n'
    const run = (text: string) =>
      decode({hex: [], lines: false, print, keys: noKeys}, new RecordedIo({stdin: [text]}).io)
    expect(await run('04 00\n'.repeat(pastedText / 6 + 1))).toBe(0)
    for (const text of [`${row}*\n`, '[4, 0], ', '04 zz ', 'recv 04 00\n'])
      await expect(run(text.repeat(pastedText / text.length + 1))).rejects.toThrow(
        `a text of over ${pastedText} characters is read only if it is bare hex`,
      )
  })

  it('refuses a dump whose "*" stands for more than a megabyte', async () => {
    const dump = `0000000 ${'00 '.repeat(16)}\n*\n4000000\n`
    await expect(
      decode({hex: [], lines: false, print, keys: noKeys}, new RecordedIo({stdin: [dump]}).io),
    ).rejects.toThrow(`the "*" lines of the hex dump repeat over ${hexRepeatedBytes} bytes`)
  })

  it.each([
    ...['[', '{', '(', '"', "'", '04[', '0x', '/*', 'z', 'a(1,', '{"0":1 ', '!!binary '],
    // Signs and filler of forms that are rarer: blanks and line ends are what patterns scan over most.
    ...[' ', '\t', '\n', '[0] ', '&#1;', '04h ', '0: 1 ', '\\158', '.byte ', '00000100 ', '04|', 'TX: '],
  ])('answers a long row of %s with one sentence or a packet', async text => {
    const run = decode(
      {hex: [], lines: false, print, keys: noKeys},
      new RecordedIo({stdin: [text.repeat(amount(200_000, 40_000))]}).io,
    )
    const outcome = await run.catch((error: unknown) => error)
    if (outcome !== 0 && !(outcome instanceof InputError)) throw outcome
  })

  it('reads as many bytes of a rare form as a text may have', async () => {
    const bytes = Math.floor(pastedText / 3)
    const run = new RecordedIo({stdin: ['04|'.repeat(bytes)]})
    expect(await decode({hex: [], lines: false, print, keys: noKeys}, run.io)).toBe(0)
    expect(run.stderr).toContain(`${bytes} bytes from hex with bars`)
  })

  it.each([
    ['a row of a dump with a million bars', '0000 04 ', '|'],
    ['a row of gdb with a million blanks', '0x0000:\t4', ' '],
    ['a row of od with a million blanks', '0000000 ', ' '],
    ['a binary of Erlang with a million digits', '<<', '1'],
  ])('answers %s with one sentence', async (_, start, filler) => {
    const text = `${start}${filler.repeat(1_000_000)}x`
    const run = decode({hex: [], lines: false, print, keys: noKeys}, new RecordedIo({stdin: [text]}).io)
    await expect(run).rejects.toThrow(InputError)
  })
})

/** Standard output and error of a decode of one text, as a list. */
async function pasted(text: string, options: Partial<DecodeOptions> = {}, facts: Partial<Omit<Io, 'stdin'>> = {}) {
  const run = new RecordedIo({stdin: [text], ...facts})
  await decode({hex: [], lines: false, print: {...print, json: false}, keys: noKeys, ...options}, run.io)
  return {stdout: run.stdout, stderr: run.stderr}
}

const ethernet = readFileSync('fixtures/text/packet8.tshark-x.txt', 'utf8')
const payload = readFileSync('fixtures/text/packet8.payload.txt', 'utf8').trim()

describe('decode of pasted text', () => {
  it('says in one line what was understood, with the other reading', async () => {
    expect((await pasted('[4, 0, 0, 0, 0, 0, 0, 0, 1]')).stderr).toBe('9 bytes from a decimal array\n')
    expect((await pasted('[16, 24, 25]')).stderr).toBe(
      '3 bytes from a decimal array; as a hex array they would be 162425\n',
    )
  })

  it('says so of bare hex on a terminal only', async () => {
    expect((await pasted('040000000000000001')).stderr).toBe('')
    expect((await pasted('040000000000000001', {}, {isErrorTerminal: true})).stderr).toBe('9 bytes from hex\n')
  })

  it('says so of bare hex everywhere where the text can be something else', async () => {
    expect((await pasted('BAAAAAAAAAAB')).stderr).toBe('6 bytes from hex; as base64 they would be 040000000000000001\n')
  })

  it('decodes the TCP payload of a packet that is recognised by its headers', async () => {
    const {stdout, stderr} = await pasted(ethernet)
    expect(stderr).toMatch(
      /^128 bytes of TCP payload from an Ethernet frame \S+:\d+ > \S+:\d+ in a hex dump\n1 handshake stayed sealed: no key was given \(--keylog, --key\)\n$/,
    )
    expect(stdout).toBe((await pasted(payload)).stdout)
  })

  it('recognises the IP packet in it as well, and not one with a damaged header', async () => {
    const bytes = toHex(parsePasted(ethernet)[0]!.bytes)
    expect((await pasted(bytes.slice(28))).stderr).toContain('TCP payload from an IP packet')
    expect((await pasted(`${bytes.slice(28, 44)}ff${bytes.slice(46)}`)).stderr).not.toContain('TCP')
  })

  it('takes the bytes of a packet as they are where --as says what they are', async () => {
    expect((await pasted(ethernet, {as: 'packet'})).stderr).toBe(
      `${parsePasted(ethernet)[0]!.bytes.length} bytes from a hex dump\n`,
    )
  })

  it('decodes several packets of a capture, and leaves out those that carry nothing', async () => {
    const {stderr} = await pasted(`${ethernet}\n${ethernet}`)
    expect(stderr).toMatch(/^2 TCP payloads of 128 bytes from 2 packets in hex dumps\n2 handshakes stayed sealed: /)
  })

  it('takes lines for packets where each of them is one', async () => {
    const {stdout, stderr} = await pasted('040000000000000001\n050000000000000001\n')
    expect(stderr).toBe('2 packets from hex, one a line\n')
    expect(stdout).toMatch(/PingRequest[\s\S]*PongResponse/)
    expect((await pasted('0400000000\n00000001\n')).stdout).toContain('PingRequest')
    expect((await pasted('BAAAAAEKQZ7/\nBQAAAAEKQZ7/\n')).stderr).toBe('2 packets from base64, one a line\n')
  })

  it('takes each value of several for a packet, and says how many there are', async () => {
    const {stdout, stderr} = await pasted('[4, 0, 0, 0, 0, 0, 0, 0, 1]\n[5, 0, 0, 0, 0, 0, 0, 0, 1]')
    expect(stderr).toBe('2 items of 9 bytes from decimal arrays\n')
    expect(stdout).toMatch(/PingRequest[\s\S]*PongResponse/)
    expect((await pasted('[4, 0x0]\n[5, 0x1]')).stderr).toMatch(/from arrays of source code\n/)
  })

  it('ends with the verdict of all receivers', async () => {
    expect((await pasted('040000000000000001')).stdout).toMatch(/\nlegal for all four receivers\n$/)
    expect((await pasted('040000000000000001', {from: 'client'})).stdout).toMatch(
      /\nlegal for c-toxcore relay and tox-rs relay\n$/,
    )
    expect((await pasted('0400')).stdout).toMatch(/\nc-toxcore relay closes; c-toxcore client closes; tox-rs relay /)
  })

  it('has the verdict on the records until then in JSON with each record', async () => {
    const lines = (await decoded(['040000000000000001', '0400'])).trimEnd().split('\n')
    const verdicts = lines.map(line => (JSON.parse(line) as {readonly verdict: object}).verdict)
    expect(verdicts).toMatchObject(
      [
        {text: 'legal for all four receivers', effect: {c_toxcore_relay: 'accepts', tox_rs_client: 'accepts'}},
        {text: /^c-toxcore relay closes; /, effect: {c_toxcore_relay: 'closes', tox_rs_client: 'closes'}},
      ].map(each => ({...each, text: expect.stringMatching(each.text)})),
    )
  })

  it.each([
    [
      'fixtures/captures/small/capture.pcap',
      'is a capture, not hex',
      'toxtcp read fixtures/captures/small/capture.pcap',
    ],
    [
      'fixtures/text/follow-0.hex.txt',
      'is a dump of a TCP stream, not hex',
      'toxtcp stream fixtures/text/follow-0.hex.txt',
    ],
    // Without a zero byte.
    ['fixtures/text/ping.bin', 'holds bytes, not hex', 'xxd -p fixtures/text/ping.bin | toxtcp decode -'],
    ['fixtures/text/sample.bin', 'holds bytes, not hex', 'xxd -p fixtures/text/sample.bin | toxtcp decode -'],
  ])('refuses the file %s with a hint', async (file, sentence, hint) => {
    await expect(pasted('', {file})).rejects.toMatchObject({message: `${file} ${sentence}`, hint, code: 'bad-hex'})
  })

  it('refuses the name of a file in place of hex with the command that reads it', async () => {
    await expect(pasted('', {hex: ['package.json']})).rejects.toMatchObject({
      message: 'package.json is not hex, but the name of a file',
      hint: 'toxtcp decode -f package.json',
    })
  })
})

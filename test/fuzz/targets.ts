import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {parseFollows} from '../../src/capture/follow/follow.js'
import {PacketTracker} from '../../src/capture/packet-tracker.js'
import {CaptureReader} from '../../src/capture/reader.js'
import {putTcpFrame, routeOf} from '../../src/capture/write/tcp-frame.js'
import {parseConfig} from '../../src/commands/defaults/config.js'
import type {Box} from '../../src/crypto/box.js'
import {readKeyFile} from '../../src/crypto/key-files.js'
import {KeyLogReader} from '../../src/crypto/keylog.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {compileFilter} from '../../src/filter/compile.js'
import {compilePattern} from '../../src/filter/regex/regex.js'
import {PatternMistake} from '../../src/filter/regex/regex-parse.js'
import {itemsOf} from '../../src/library/decoding/decode-items.js'
import {ItemDecoder} from '../../src/library/decoding/item-decoder.js'
import {lonePacket} from '../../src/library/decoding/lone-packet.js'
import {types} from '../../src/protocol/table.js'
import {HttpConnectRequest} from '../../src/proxy/explicit/http-connect.js'
import {Socks5Request} from '../../src/proxy/explicit/socks5.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import {recordFromJson} from '../../src/view/from-json/record.js'
import {noShift, Window} from '../../src/wire/window.js'
import {FrameList} from '../capture/frame-list.js'
import {InputBytes} from './inputs.js'
import {OneForm, orSentence, readWhole, WholeWay} from './survive.js'

/** One reader of bytes from outside. */
export interface Target {
  /** Right inputs, to begin with. */
  readonly seeds: () => Iterable<Uint8Array>
  /** Reads an input of at most 64 KB. @throws for a bug. */
  readonly run: (input: Uint8Array, box: Box) => void | Promise<void>
}

const text = (input: Uint8Array): string => new TextDecoder().decode(input)
const bytesOf = (line: string): Uint8Array => new TextEncoder().encode(line)
const fixture = (path: string): Uint8Array => new Uint8Array(readFileSync(join('fixtures', path)))
const filesIn = (folder: string, end: RegExp): Uint8Array[] =>
  readdirSync(join('fixtures', folder))
    .filter(name => end.test(name))
    .map(name => fixture(join(folder, name)))
const linesOf = (path: string): string[] => gunzipSync(fixture(path)).toString().trim().split('\n')

/** Most bytes of a seed: short inputs are tried faster. */
const seedBytes = 2500

/** The first packets of the captures of a kind. */
const capturesEnding = (end: string): Uint8Array[] =>
  readdirSync('fixtures', {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith(end))
    .map(name => fixture(name).subarray(0, seedBytes))

/** Packets of captures: link type, then bytes. */
function* framesOfCaptures(): Generator<Uint8Array> {
  for (const file of [...capturesEnding('.pcap'), ...capturesEnding('.pcapng')])
    for (const item of new CaptureReader().read(file)) {
      if (item.kind !== 'packet' || item.number > 5) continue
      const {linkType, bytes, start, end} = item
      yield Uint8Array.of(linkType >> 8, linkType & 255, ...bytes.subarray(start, end))
    }
}

interface Vector {
  readonly type: string
  readonly hex: string
}

const typeNames = types.map(({name}) => name)

/** Bytes read as a packet type. @param at its place in the table. */
const readAs = (at: number, bytes: Uint8Array): SessionRecord =>
  lonePacket(new Window(types[at % types.length]!, bytes, 0, bytes.length, noShift), null)

/** Values of every packet type: its place in the table, then its bytes. */
const typedValues = (): Uint8Array[] =>
  ['vectors/vectors.jsonl.gz', 'vectors/inner.jsonl.gz'].flatMap(path => {
    const seen = new Map<string, number>()
    return linesOf(path).flatMap(line => {
      const {type, hex} = JSON.parse(line) as Vector
      const name = type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
      const at = typeNames.indexOf(name)
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return at < 0 || count > 4 || hex === undefined ? [] : [Uint8Array.of(at, ...Buffer.from(hex, 'hex'))]
    })
  })

/** Handshakes and frames of a connection, as a reader meets them that knows its sides: who sends, length, bytes. */
const dialogues = (): Uint8Array[] =>
  ['small', 'two_clients'].flatMap(name => {
    const sides = readdirSync(join('fixtures/streams', name)).sort()
    return sides.slice(0, 4).map((file, at) => {
      const bytes = fixture(join('streams', name, file)).subarray(0, 1200)
      return Uint8Array.of(at & 1, bytes.length >> 8, bytes.length & 255, ...bytes)
    })
  })

/** Feeds what an input says to a connection of which the client is known. */
function feedDialogue(input: Uint8Array, box: Box): void {
  const take = new InputBytes(input)
  const form = new OneForm(input.length)
  const session = new Session(new Keyring(box), record => form.add(record))
  session.open(0, {clientEnd: 0, ends: {client: null, relay: null}}, null)
  for (let micros = 1; !take.isOver; micros++) {
    const control = take.byte()
    const end = control & 1 ? 1 : 0
    const length = take.uint16()
    const time = {micros, nanos: 0}
    if (control & 2) session.feed({connection: 0, end, time, gap: length + 1})
    else {
      const bytes = take.take(length)
      if (bytes.length > 0) session.feed({connection: 0, end, time, bytes})
    }
  }
  session.end()
  form.end()
}

const ends = [
  {ip: '10.0.0.1', port: 40_000},
  {ip: '10.0.0.2', port: 33_445},
] as const

/** Sends the segments that an input says on one connection: who, flags, how far from the last number, bytes. */
function sendSegments(input: Uint8Array, box: Box): void {
  const take = new InputBytes(input)
  const tracker = new PacketTracker()
  const way = new WholeWay(input, box, [ends[1].port])
  const next = [1000, 0xffff_fff0]
  for (let number = 1; !take.isOver && number < 500; number++) {
    const control = take.byte()
    const from = control & 1 ? 1 : 0
    const seq = (next[from]! + ((take.uint16() << 16) >> 20)) >>> 0
    const payload = Buffer.from(take.take(take.byte()))
    const frames = new FrameList()
    const ack = next[1 - from]! >>> 0
    putTcpFrame(
      routeOf(ends),
      {from, seq, ack, flags: control >> 1, window: 65_535, payload, identification: 0},
      frames,
    )
    next[from] = seq + payload.length
    const {bytes} = frames
    way.add(
      tracker.add({
        kind: 'packet',
        number,
        time: {micros: number * 1000, nanos: 0},
        linkType: 1,
        bytes,
        start: 0,
        end: bytes.length,
        originalLength: bytes.length,
        offset: 0,
        interfaceId: 0,
        source: null,
        options: [],
      }).events,
    )
  }
  way.add(tracker.end())
  way.end()
}

type Commands = Parameters<typeof parseConfig>[2]

let commands: Commands | undefined

/** The commands of the built program, read once. */
const allCommands = (): Commands => {
  commands ??= (JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as {commands: Commands}).commands
  return commands
}

/** Gives a request to its parser in two parts. */
function request(parser: Socks5Request | HttpConnectRequest, input: Uint8Array): void {
  const cut = (input[0] ?? 0) % (input.length + 1)
  if (parser.receive(input.subarray(0, cut)).kind === 'wait') parser.receive(input.subarray(cut))
}

const subjects = ['', 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', 'Tox \u{1f600}\n', '0123456789abcdef'.repeat(20)]
const login = {user: bytesOf('user'), password: bytesOf('password')}

/** The readers of bytes from outside, by name. */
export const targets: Readonly<Record<string, Target>> = {
  hex: {
    seeds: () => filesIn('text', /^(sample|packet8)/).map(bytes => bytes.subarray(0, 400)),
    run(input, box) {
      const form = new OneForm(input.length)
      const options = {keyring: new Keyring(box), key: undefined, has: {client: false, relay: false}}
      const decoder = new ItemDecoder({...options, emit: record => form.add(record) === undefined}, null)
      for (const item of itemsOf(text(input), {lines: input.length % 2 === 1, as: undefined})) decoder.item(item)
      decoder.end()
      form.end()
    },
  },
  pcap: {seeds: () => capturesEnding('.pcap'), run: readWhole},
  pcapng: {seeds: () => capturesEnding('.pcapng'), run: readWhole},
  packet: {
    seeds: framesOfCaptures,
    run(input, box) {
      const tracker = new PacketTracker()
      const way = new WholeWay(input, box)
      const take = new InputBytes(input)
      const linkType = take.uint16()
      const bytes = take.rest()
      for (const number of [1, 2]) {
        const place = {number, time: null, offset: 0, interfaceId: 0, source: null, options: []}
        const {length: end} = bytes
        way.add(tracker.add({kind: 'packet', ...place, linkType, bytes, start: 0, end, originalLength: end}).events)
      }
      way.add(tracker.end())
      way.end()
    },
  },
  reassembly: {
    seeds: () => [
      Uint8Array.from([0x04, 0, 0, 0, 0x25, 0, 1, 0, 0x20, 0, 1, 2, 0, 2, 0x20, 0, 0, 2, 0, 3, 0x22, 0, 0, 0]),
      Uint8Array.from([0x20, 0, 0, 200, ...new Uint8Array(200).fill(7), 0x21, 0, 0x50, 3, 1, 2, 3, 0x08, 0, 0, 0]),
    ],
    run: sendSegments,
  },
  session: {seeds: dialogues, run: feedDialogue},
  packets: {
    seeds: typedValues,
    run(input) {
      const form = new OneForm(input.length)
      form.add(readAs(input[0] ?? 0, input.subarray(1)))
      form.end()
    },
  },
  filter: {
    seeds: () =>
      [
        'type == oob_send && length > 100',
        'finding.severity >= warn || kind == end',
        'ip.addr == 10.0.0.0/8 and not tcp.port in {33445, 443..500}',
        'data.data contains 0a:ff && frame.time >= "2026-11-23 01:50:00"',
        'route_request.pk[0:4] == aabbccdd || any fields matches "^a(b|c)*$"',
      ].map(bytesOf),
    run(input) {
      const matches = compileFilter(text(input))
      for (const name of ['ping_request', 'oob_send', 'data'])
        matches(readAs(typeNames.indexOf(name), new Uint8Array(60)))
    },
  },
  pattern: {
    seeds: () => ['^(a+)+$', '[^a-f\\d]{2,5}?|(?i:\\x41\\u{1f600})', '\\bfoo(?:bar|b.z)*\\W'].map(bytesOf),
    run(input) {
      let matches: (subject: string) => boolean
      try {
        matches = compilePattern(text(input))
      } catch (error) {
        // The filter makes a sentence of it, with the place.
        if (error instanceof PatternMistake) return
        throw error
      }
      for (const subject of subjects) matches(subject)
    },
  },
  keys: {
    seeds: () => filesIn('keyfiles', /\.(?:tox|keys?)$/).filter(({length}) => length < 20_000),
    async run(input, box) {
      // What opens an encrypted save is scrypt, which takes a second by design.
      if (text(input.subarray(0, 8)) === 'toxEsave') return
      await readKeyFile(input, 'the file', {box})
    },
  },
  keylog: {
    seeds: () => [fixture('captures/small/sessions.keylog'), fixture('demo/keys.log').subarray(0, seedBytes)],
    run(input, box) {
      const keyring = new Keyring(box)
      const reader = new KeyLogReader('the log')
      const cut = input.length >> 1
      for (const part of [input.subarray(0, cut), input.subarray(cut)])
        for (const item of reader.push(text(part))) keyring.add(item, 'the log')
      for (const item of reader.end()) keyring.add(item, 'the log')
    },
  },
  json: {
    seeds: () =>
      [
        '{"type":"ping_request","fields":{"ping_id":"0000000000000001"},"from":"client","kind":"frame"}',
        '{"type":"onion_request","fields":{"nonce":"00","ip_port":{"family":2,"ip":"1.2.3.4","port":1}}}',
        '{"kind":"payload","plaintext":"18","inner":{"type":"crypto_data","fields":{},"rest":"ff"}}',
      ].map(bytesOf),
    run: input => void recordFromJson(text(input), 'line 1'),
  },
  socks: {
    seeds: () => [Uint8Array.of(5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 80), Uint8Array.of(5, 1, 2, 1, 1, 65, 1, 66)],
    run(input) {
      request(new Socks5Request(), input)
      request(new Socks5Request(login), input)
    },
  },
  http: {
    seeds: () => [
      bytesOf('CONNECT [::1]:33445 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n\r\nrest'),
    ],
    run(input) {
      request(new HttpConnectRequest(), input)
      request(new HttpConnectRequest(login), input)
    },
  },
  prelude: {
    seeds: () => {
      const socks = [5, 1, 0]
      const connect = bytesOf('CONNECT 10.0.0.2:33445 HTTP/1.1\r\n\r\n')
      return [Uint8Array.of(0x20, 0, 0, 3, ...socks), Uint8Array.of(0x20, 0, 0, connect.length, ...connect)]
    },
    run: sendSegments,
  },
  follow: {
    seeds: () => filesIn('text', /^(follow|relay_only|v6-head)/).map(bytes => bytes.subarray(0, seedBytes)),
    run(input) {
      parseFollows(text(input))
    },
  },
  config: {
    seeds: () =>
      ['{"flags":{"time":"ad","color":"never"},"commands":{"keys make":{"out":"~/x"}},"labels":{"aa":"Bob"}}'].map(
        bytesOf,
      ),
    run(input) {
      parseConfig('config.json', text(input), allCommands(), '/home/user')
    },
  },
}

/** Reads one input. @throws for a bug. */
export const runTarget = (name: string, input: Uint8Array, box: Box): Promise<void> =>
  orSentence(() => targets[name]!.run(input.subarray(0, 65_536), box))

import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  endpointsFromTcpflowName,
  type FollowDump,
  type FollowSegment,
  followForm,
  parseFollow,
  parseFollows,
} from '../../../src/capture/follow/follow.js'
import {followSegments} from '../../../src/capture/follow/limits.js'
import type {End} from '../../../src/wire/chunk.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../../src/wire/input-error.js'
import {text2pcap, wiresharkArrays, wiresharkHex, wiresharkOldYaml, yaml} from './follow-printers.js'

const fixture = (name: string): string => readFileSync(`fixtures/text/${name}`, 'utf8')
const sides = ['client', 'relay'].map(name => toHex(readFileSync(`fixtures/streams/small/0.${name}.bin`)))
const sideOf = (dump: FollowDump, end: End): string =>
  dump.segments.flatMap(segment => (segment.end === end ? [toHex(segment.bytes)] : [])).join('')
const shape = (dump: FollowDump): [End, number][] => dump.segments.map(segment => [segment.end, segment.bytes.length])

function failure(text: string): InputError {
  try {
    parseFollow(text)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error(`no error for ${text}`)
}

const packet = (rest: string): string => `packets:\n  - peer: 0\n${rest}`

describe('one conversation in every form', () => {
  const reference = parseFollow(fixture('follow-0.yaml.txt'))
  const forms: [string, string][] = [
    ['raw', fixture('follow-0.raw.txt')],
    ['hex', fixture('follow-0.hex.txt')],
    ['yaml', fixture('follow-0.yaml.txt')],
    ['tcpflow', fixture('follow-0.tcpflow.txt')],
    ['tcpflow_json', fixture('follow-0.tcpflow.json')],
    ['hex', wiresharkHex(reference.segments, 2)],
    ['hex', wiresharkHex(reference.segments, 4)],
    ['c_arrays', wiresharkArrays(reference.segments)],
    ['yaml', wiresharkOldYaml(reference.segments)],
    ['yaml', yaml(reference.segments)],
    ['text2pcap', text2pcap(reference.segments)],
    ['raw', reference.segments.map(({end, bytes}) => `${'\t'.repeat(end)}${toHex(bytes)}\n`).join('')],
  ]
  describe.each(forms)('%s', (form, text) => {
    it.each([
      ['as it is', text],
      ['with CRLF and a byte order mark', `\ufeff${text.replaceAll('\n', '\r\n')}`],
      ['with blanks at the line ends', text.replaceAll('\n', '  \n')],
    ])('%s', (_, dressed) => {
      expect(followForm(dressed)).toBe(form)
      const dump = parseFollow(dressed)
      expect(dump.form).toBe(form)
      expect([sideOf(dump, 0), sideOf(dump, 1)]).toEqual(sides)
      expect(shape(dump)).toEqual(shape(reference))
    })
  })

  it('ends, times to the nanosecond and packet numbers', () => {
    const ends = [
      {ip: '127.0.0.1', port: 47120},
      {ip: '127.0.0.1', port: 34345},
    ]
    expect(reference.peers).toEqual(ends)
    for (const form of ['raw.txt', 'hex.txt', 'tcpflow.txt', 'tcpflow.json'])
      expect(parseFollow(fixture(`follow-0.${form}`)).peers).toEqual(ends)
    expect(reference.segments[0]).toMatchObject({end: 0, packet: 8, time: {micros: 1795399252998059, nanos: 988}})
    expect(reference.segments[1]).toMatchObject({end: 1, packet: 11, time: {micros: 1795399253008934, nanos: 21}})
    const again = parseFollow(yaml(reference.segments))
    expect(again.segments).toEqual(reference.segments)
    expect(again.peers).toEqual([
      {ip: '10.0.0.1', port: 1},
      {ip: 'fe80::1', port: 2},
    ])
    expect(parseFollow(wiresharkArrays(reference.segments)).segments[1]).toMatchObject({packet: 11, time: null})
    expect(parseFollow(text2pcap(reference.segments)).segments[0]?.time).toEqual({micros: 1795398600123456, nanos: 789})
  })
})

describe('the ways others write the YAML', () => {
  const relay = parseFollow(fixture('relay_only.yaml.txt'))

  it('PyYAML: keys sorted, lists not indented, braces, quotes', () => {
    for (const name of ['relay_only.pyyaml.txt', 'relay_only.pyyaml-flow.txt']) {
      const dump = parseFollow(fixture(name))
      expect(dump.peers).toEqual(relay.peers)
      expect(shape(dump)).toEqual(shape(relay))
      expect([sideOf(dump, 0), sideOf(dump, 1)]).toEqual([sideOf(relay, 0), sideOf(relay, 1)])
    }
  })

  it.each([
    ['on one line', '    data: !!binary AQID', '010203'],
    ['quoted', '    data: !!binary "AQID"', '010203'],
    ['without a tag', "    data: 'AQID'", '010203'],
    ['a block in pieces', '    data: !!binary |-\n      AQ\n\n      ID\n', '010203'],
    ['folded', '    data: !!binary >\n        AQID', '010203'],
    ['a long tag', '    data: !<tag:yaml.org,2002:binary> AQID # three bytes', '010203'],
    ['not padded', '    data: !!binary AQI', '0102'],
    ['an empty block', '    data: !!binary |\n', ''],
    ['empty quotes', '    data: !!binary ""', ''],
    ['nothing', '    data:', ''],
  ])('data %s', (_, data, bytes) => {
    const dump = parseFollow(packet(data))
    expect(dump.segments).toEqual([{end: 0, time: null, bytes: new Uint8Array(Buffer.from(bytes, 'hex'))}])
  })

  it.each([
    ['1.5', {micros: 1_500_000, nanos: 0}],
    ['"1795399253.018285036"', {micros: 1795399253018285, nanos: 36}],
    ["'1795399253'", {micros: 1795399253000000, nanos: 0}],
    ['1795399253.0182850369', {micros: 1795399253018285, nanos: 36}],
    ['2026-11-23T01:50:00.5Z', {micros: 1795398600500000, nanos: 0}],
    ['null', null],
  ])('timestamp %s', (written, time) => {
    expect(parseFollow(packet(`    timestamp: ${written}\n    data: AQID`)).segments[0]?.time).toEqual(time)
  })

  it('other keys, comments, a document start, keys in any order', () => {
    const text =
      '%YAML 1.2\n---\n# made by hand\ntool: mine\npackets: # both sides\n- data: AQID\n  note: "hi: there"\n  timestamp: 2\n  peer: "1"\n-\n  peer: 0\n  data: BA==\npeers:\n- {port: 5, host: "a.example", peer: 1}\n- peer: 0\n  host:\n  port:\n...\n'
    const dump = parseFollow(text)
    expect(dump.peers).toEqual([null, {ip: 'a.example', port: 5}])
    expect(dump.segments.map(({end, bytes}) => [end, toHex(bytes)])).toEqual([
      [1, '010203'],
      [0, '04'],
    ])
  })

  it('no packets', () => {
    expect(parseFollow('peers:\n  - peer: 0\n    host: ::1\n    port: 1\npackets: []\n')).toEqual({
      form: 'yaml',
      peers: [{ip: '::1', port: 1}, null],
      segments: [],
    })
  })

  it.each([
    [packet('    data: A*ID'), 'line 3 of the stream dump begins data that is not base64'],
    [packet('    data: AQIDA'), 'line 3 of the stream dump begins data that is not base64'],
    [packet('    timestamp: soon\n    data: AQID'), 'line 3 of the stream dump has "soon", which is not a time'],
    [packet('    timestamp: 1'), 'line 2 of the stream dump begins a packet without data'],
    ['packets:\n  - data: AQID', 'line 2 of the stream dump begins a packet that does not say which peer it is'],
    ['packets:\n  - peer: 2\n    data: AQID', 'peer "2" in line 2 of the stream dump is not 0 or 1'],
    ['packets:\n  what', 'line 2 of the stream dump is not part of follow YAML'],
  ])('%j', (text, message) => {
    const error = failure(text)
    expect(error.message).toBe(message)
    expect(error.hint).toBeTruthy()
  })
})

describe('several connections in one text', () => {
  const both = fixture('follow-0.tcpflow.txt') + fixture('relay_only.tcpflow-g.txt')

  it('tcpflow, in colour too', () => {
    const dumps = parseFollows(both)
    expect(dumps.map(dump => dump.peers.map(peer => peer?.port))).toEqual([
      [47120, 34345],
      [53016, 33795],
    ])
    const relay = parseFollow(fixture('relay_only.yaml.txt'))
    expect(shape(dumps[1]!)).toEqual(shape(relay))
    expect([sideOf(dumps[1]!, 0), sideOf(dumps[1]!, 1)]).toEqual([sideOf(relay, 0), sideOf(relay, 1)])
  })

  it('tshark with several -z, and a packet list before', () => {
    const text = `    1   0.000000    127.0.0.1 > 127.0.0.1 TCP 74\n${fixture('follow-0.raw.txt')}${fixture('v6-head.raw.txt')}`
    const dumps = parseFollows(text)
    expect(dumps.map(dump => dump.segments.length)).toEqual([111, 2])
    expect(dumps[1]?.peers).toEqual([
      {ip: '::1', port: 33220},
      {ip: '::1', port: 34445},
    ])
    expect(
      parseFollows(fixture('relay_only.yaml.txt') + fixture('follow-0.yaml.txt')).map(dump => dump.segments.length),
    ).toEqual([16, 111])
  })

  it('is an error where one is asked for', () => {
    const error = failure(both)
    expect(error.message).toBe('the stream dump holds 2 connections, not one')
    expect(error.hint).toContain('127.0.0.1 port 47120 and 127.0.0.1 port 34345')
  })
})

describe('a dump of too many segments', () => {
  it('is refused at followSegments, before all of it is held', () => {
    const dump = (count: number) => `04\n\t05\n${'06\n'.repeat(count - 2)}`
    expect(parseFollow(dump(followSegments)).segments).toHaveLength(followSegments)
    expect(failure(dump(followSegments + 1)).message).toBe(`the stream has over ${followSegments} segments`)
  })
})

describe('text that is not a dump of both sides', () => {
  it.each([
    ['binary', readFileSync('fixtures/streams/small/0.client.bin', 'latin1')],
    ['binary read as UTF-8', readFileSync('fixtures/streams/small/0.client.bin', 'utf8')],
    ['hex of one side', '04 00 00'],
    ['a dump of one side', fixture('sample.hexdump-C.txt')],
    ['a hex stream', fixture('packet8.payload.txt')],
    ['an array', fixture('sample.xxd-i.txt')],
    ['a key log', 'TOX_SECRET_KEY aa bb\n'],
    ['prose', 'peers are nice\nO dear\n'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(followForm(text)).toBeUndefined()
    expect(failure(text).message).toBe('the text is not a stream dump of both sides')
  })

  it('a text form says that bytes are lost', () => {
    expect(followForm(fixture('follow-0.ascii.txt'))).toBe('text')
    const error = failure(fixture('follow-0.ascii.txt'))
    expect(error.message).toBe('the stream dump is in a text form, which loses bytes')
    expect(error.hint).toContain('-z follow,tcp,yaml,N')
    expect(followForm('127.000.000.001.47120-127.000.000.001.34345: NF.M...).m\n')).toBe('text')
  })
})

describe('mistakes in a line', () => {
  const raw = '===\nFollow: tcp,raw\nNode 0: 1.2.3.4:5\n'
  const hex = 'Follow: tcp,hex\n00000000  01 02                                             ..\n'
  const flow = '1.2.3.4.00005-1.2.3.4.00006: \n'
  it.each([
    [`${raw}0102\n\t01zz`, 'line 5 of the stream dump is not hex', '\t01zz'.length - 2],
    [`${raw}010`, 'line 4 of the stream dump ends with half a byte', 2],
    [`${hex}00000003  01`, 'line 3 of the stream dump has offset 00000003, expected 00000002', 0],
    [`${hex}\t00000000  0g`, 'line 3 of the stream dump is not a row of a hex dump', 0],
    [`${hex}00000002  01 0g`, 'line 3 of the stream dump has a byte that is not hex', 14],
    [`${flow}0000: 0102 03 ...\n0002: 04 .`, 'line 3 of the stream dump has offset 0002, expected 0003', 0],
    [`${flow}0000: 0102 03 ...\nwhat`, 'line 3 of the stream dump is not a row of a tcpflow hex dump', 0],
    [
      'char peer0_0[] = { /* Packet 4 */\n0x01, 0x0g };',
      'line 2 of the stream dump has "0x0g", which is not a byte',
      6,
    ],
    ['{"src_host":"1.2.3.4","src_port":5}', 'line 1 of the stream dump is not a packet as tcpflow -J prints it', 0],
    [
      '{"src_host":{"toString":1},"src_port":1,"dst_host":"127.0.0.1","dst_port":2,"payload":[1]}',
      'line 1 of the stream dump is not a packet as tcpflow -J prints it',
      0,
    ],
  ])('%j', (text, message, column) => {
    const error = failure(text)
    expect(error.message).toBe(message)
    expect(error.hint?.split('\n')[1]).toBe(`${' '.repeat(column)}^`)
  })

  it('in a dump after a direction line', () => {
    expect(failure('I\n000000 01 02\n000002\nO\n000000 01\n000003 02\n000004').message).toMatch(
      /^the packet that begins in line 4 of the stream dump: offset 000003/,
    )
  })
})

describe('any conversation', () => {
  const conversation = fc
    .array(
      fc.record({
        end: fc.constantFrom<End>(0, 1),
        bytes: fc.uint8Array({minLength: 1, maxLength: 70}),
        micros: fc.nat(2 ** 31),
        nanos: fc.nat(999),
      }),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map(list =>
      list.map(
        ({end, bytes, micros, nanos}, i): FollowSegment => ({
          end,
          bytes,
          packet: i + 1,
          time: {micros: micros * 1000, nanos},
        }),
      ),
    )

  it('is read back from YAML as it was', () => {
    fc.assert(
      fc.property(conversation, segments => {
        expect(parseFollow(yaml(segments)).segments).toEqual(segments)
      }),
    )
  })

  it('is read back from hex and arrays with both sides in order', () => {
    const joined = (segments: readonly FollowSegment[]): string => {
      let text = ''
      for (const [i, {end, bytes}] of segments.entries())
        text += `${segments[i - 1]?.end === end ? '' : `/${end}:`}${toHex(bytes)}`
      return text
    }
    fc.assert(
      fc.property(conversation, segments => {
        expect(joined(parseFollow(`Follow: tcp,hex\n${wiresharkHex(segments, 4)}`).segments)).toBe(joined(segments))
        expect(joined(parseFollow(wiresharkArrays(segments)).segments)).toBe(joined(segments))
      }),
    )
  })

  it('cut anywhere or with a line lost gives a dump or an InputError', () => {
    const texts = [
      'follow-0.raw.txt',
      'follow-0.hex.txt',
      'follow-0.tcpflow.txt',
      'relay_only.yaml.txt',
      'relay_only.pyyaml-flow.txt',
    ].map(name => fixture(name).slice(0, 6000))
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(6000), fc.nat(6000), (text, from, length) => {
        try {
          parseFollows(text.slice(0, from) + text.slice(from + length))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      {numRuns: 500},
    )
  })
})

describe('names of the files that tcpflow makes', () => {
  it.each([
    ['127.000.000.001.47120-127.000.000.001.34345', '127.0.0.1', 47120, '127.0.0.1', 34345],
    ['some/dir/010.002.000.255.00080-127.000.000.001.34345c1', '10.2.0.255', 80, '127.0.0.1', 34345],
    ['::1.33220-fe80::2.34445', '::1', 33220, 'fe80::2', 34445],
    ['1795399252T127.000.000.001.47120-127.000.000.001.34345', '127.0.0.1', 47120, '127.0.0.1', 34345],
    ['2026-11-23T01:50:00Z127.000.000.001.47120-127.000.000.001.34345--2c3', '127.0.0.1', 47120, '127.0.0.1', 34345],
  ])('%s', (name, ip, port, otherIp, otherPort) => {
    expect(endpointsFromTcpflowName(name)).toEqual([
      {ip, port},
      {ip: otherIp, port: otherPort},
    ])
  })

  it.each([
    'report.xml',
    '0.client.bin',
    '127.000.000.001.47120',
    '300.000.000.001.47120-127.000.000.001.34345',
    '127.000.000.001.99999-127.000.000.001.34345',
    '',
  ])('not %j', name => {
    expect(endpointsFromTcpflowName(name)).toBeUndefined()
  })
})

describe('words for missing bytes', () => {
  const mark = (bytes: number) => Buffer.from(`[${bytes} bytes missing in capture file]\0`)
  const of = (text: string) =>
    parseFollow(text).segments.map(({end, bytes, missing}) => [end, Buffer.from(bytes).toString('hex'), missing])

  it('are a gap in raw form', () => {
    expect(of(`Follow: tcp,raw\nNode 0: a:1\nNode 1: b:2\n0102\n${mark(27).toString('hex')}\n\t0304\n`)).toEqual([
      [0, '0102', undefined],
      [0, '', 27],
      [1, '0304', undefined],
    ])
  })

  it('are a gap in hex form, where they may be joined with the bytes before', () => {
    const rows = (bytes: Buffer) =>
      Array.from({length: Math.ceil(bytes.length / 16)}, (_, row) => {
        const part = bytes.subarray(row * 16, row * 16 + 16)
        return `${(row * 16).toString(16).padStart(8, '0')}  ${part.toString('hex').replace(/../g, '$& ')}\n`
      }).join('')
    const text = `Follow: tcp,hex\nNode 0: a:1\nNode 1: b:2\n${rows(Buffer.concat([Buffer.alloc(16, 7), mark(1)]))}`
    expect(of(text)).toEqual([
      [0, '07'.repeat(16), undefined],
      [0, '', 1],
    ])
  })

  it.each(['x', '', '27', '(27', '[x', '[', '[99999999999999999999'])('after "%s" stay bytes', before => {
    const hex = Buffer.from(`${before} bytes missing in capture file]`).toString('hex')
    expect(of(`Follow: tcp,raw\nNode 0: a:1\nNode 1: b:2\n${hex}\n`)).toEqual([[0, hex, undefined]])
  })
})

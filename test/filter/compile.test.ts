import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {compileFilter} from '../../src/filter/compile.js'
import {fieldTexts, filterName, filterNames} from '../../src/filter/names/names.js'
import {
  joinOperators,
  memberOperator,
  notOperator,
  quantifiers,
  sliceForms,
  testOperators,
} from '../../src/filter/operators.js'
import {shortKey} from '../../src/protocol/text.js'
import {inSigns} from '../../src/view/escape.js'
import {InputError} from '../../src/wire/input-error.js'
import {pk, record, samples} from './records.js'

const passes = (filter: string): string[] => {
  const matches = compileFilter(filter)
  return Object.entries(samples)
    .filter(([, sample]) => matches(sample))
    .map(([name]) => name)
}

const {ping, oobSend, broken} = samples
const every = Object.keys(samples)
const but = (...names: string[]): string[] => every.filter(name => !names.includes(name))

describe('compileFilter', () => {
  it.each([
    ['type == oob_send', ['oobSend', 'broken']],
    ['type == "oob_send"', ['oobSend', 'broken']],
    ['type in {oob_send, oob_receive}', ['oobSend', 'oobReceive', 'broken']],
    ['type contains oob', ['oobSend', 'oobReceive', 'broken']],
    ['type matches "^OOB_[sr]"', ['oobSend', 'oobReceive', 'broken']],
    ['type[0:3] == oob', ['oobSend', 'oobReceive', 'broken']],
    ['inner.type == cookie_request', ['oobSend', 'oobReceive']],
    ['cookie_request', ['oobSend', 'oobReceive']],
    ['oob_send', ['oobSend', 'broken']],
    ['oob_send.destination_pk', ['oobSend']],
    ['from == relay', ['oobReceive', 'handshake']],
    ['not from', ['start', 'end']],
    ['kind == start or state == sealed', ['start', 'sealed']],
    ['number == 8 || number == 0x8', ['oobReceive']],
    ['8 == frame.number', ['oobReceive']],
    ['9 > frame.number && 7 < frame.number', ['oobReceive']],
    ['frame.number in {8..9}', ['oobReceive']],
    ['frame.number not in {1..7, 9}', ['oobReceive']],
    ['frame.number == -0X10', []],
    ['finding.code == first-not-ping', ['broken']],
    ['finding.severity >= warn', ['broken']],
    ['finding.severity < error', ['broken']],
    ['finding.severity === error', []],
    ['finding.severity > error', []],
    ['finding.effect.c_toxcore_relay == closes', ['broken']],
    ['finding.message contains "cut off inside"', ['broken']],
    ['rest == ff:00', ['longPing']],
    ['end.how == rst', ['end']],
  ])('%s', (filter, expected) => {
    expect(passes(filter)).toEqual(expected)
  })

  it.each([
    [`oob_send.destination_pk == ${pk('9f')}`, ['oobSend']],
    [`oob_send.destination_pk == 0x${pk('9F')}`, ['oobSend']],
    [`oob_send.destination_pk != ${pk('9f')}`, []],
    ['oob_send.destination_pk[0:2] == 9f9f', ['oobSend']],
    ['oob_send.destination_pk[0:2] == 9f:9f', ['oobSend']],
    ['oob_send.destination_pk[0] == 9f', ['oobSend']],
    ['oob_send.destination_pk[-1] == 0x9f', ['oobSend']],
    ['oob_send.destination_pk[30:] == 9f-9f', ['oobSend']],
    ['oob_send.destination_pk[30:3] == 9f9f9f', []],
    ['oob_send.destination_pk[31-31,0] == 9f.9f', ['oobSend']],
    ['oob_send.destination_pk[0:4][1:2] == 9f9f', ['oobSend']],
    ['oob_send.destination_pk[32:]', []],
    ['plaintext[0:2] == 04:01', ['ping', 'longPing']],
    ['oob_send.data contains aa:aa:bb', ['oobSend']],
    ['oob_send.data contains "\\xaa\\xaa\\xbb"', ['oobSend']],
    ['oob_send.data contains "\\u00aa"', []],
    ['oob_send.data contains "\\\\xaa"', []],
    ['oob_send.destination_pk[0:2] == "\\x9f\\x9f"', ['oobSend']],
    ['plaintext matches "\\xcc\\xcc"', ['oobSend', 'oobReceive']],
    ['plaintext matches "\\xec\\xec"', []],
    ['plaintext matches r"\\x05\\x06\\x07"', ['ping', 'longPing']],
    ['ping_request.ping_id < 0102030405060709', ['ping', 'longPing']],
    ['ping_request.ping_id in {0102030405060700..0102030405060708}', ['ping', 'longPing']],
    ['oob_receive.sender_pk == cookie_request.pk', ['oobReceive']],
    ['oob_send.destination_pk[0:1] == cookie_request.pk[0:1]', []],
  ])('bytes: %s', (filter, expected) => {
    expect(passes(filter)).toEqual(expected)
  })

  it.each([
    ['ip.addr == 127.0.0.0/8', but('sealed')],
    ['ip.addr == 127.0.0.1', but('sealed')],
    ['ip.addr == 10.0.0.0/15', ['sealed']],
    ['ip.addr == 10.0.0.0/16', []],
    ['ip.addr in {10.1.2.0..10.1.2.9}', ['sealed']],
    ['ip.addr == 2001:db8::/32', but('sealed')],
    ['ip.src == 2001:DB8:0:0::1', ['oobReceive', 'handshake']],
    ['ip.addr != 127.0.0.1', ['sealed']],
    ['ip.addr !== 127.0.0.1', every],
    ['tcp.port == 33445', but('sealed')],
    ['tcp.dstport == 40000', ['oobReceive', 'handshake']],
    ['all tcp.port > 30000', but('sealed')],
    ['relay == [2001:db8::1]:33445 && type == ping_request', ['ping', 'longPing']],
    ['client == 10.1.2.3:1', ['sealed']],
    ['client == 10.0.0.0/8', ['sealed']],
    ['relay == 127.0.0.1', []],
    ['relay == 127.0.0.1:33445', []],
    ['relay != 127.0.0.1', but('sealed')],
    ['relay == 0.0.0.0/0', []],
    ['client == ::/0', []],
    ['forward_request.ip_port == 1.2.3.4:33445', ['forward']],
    ['forward_request.ip_port == 1.2.3.4', ['forward']],
    ['onion_request.ip_port.ip == 2001:db8::/64', ['onion']],
    ['onion_request.ip_port matches "33445$"', ['onion']],
  ])('addresses: %s', (filter, expected) => {
    expect(passes(filter)).toEqual(expected)
  })

  it.each([
    '"2026-11-23 01:50:00.123456"',
    '2026-11-23T01:50:00.123456Z',
    '"2026-11-23T03:50:00.123456+02:00"',
    '"Nov 23, 2026 01:50:00.123456 UTC"',
    '1795398600.123456',
  ])('reads the time %s', text => {
    expect(compileFilter(`frame.time == ${text}`)(ping)).toBe(true)
    expect(compileFilter(`frame.time_epoch >= ${text} && time <= ${text}`)(ping)).toBe(true)
    expect(compileFilter(`frame.time > ${text}`)(ping)).toBe(false)
    expect(compileFilter(`frame.time < ${text}`)(ping)).toBe(false)
  })

  it('takes addresses of IPv4 and IPv6 with one port for different ones', () => {
    const port = 33445
    const mixed = record({ends: {client: {ip: '10.0.0.1', port}, relay: {ip: '::1', port}}})
    expect(compileFilter('client == relay')(mixed)).toBe(false)
    expect(compileFilter('client != relay')(mixed)).toBe(true)
  })

  it('is after 0, for any record with a time', () => {
    expect(compileFilter('time > 0')(ping)).toBe(true)
    expect(compileFilter('time > 0')(record({time: null}))).toBe(false)
  })

  it('distinguishes nanoseconds', () => {
    const late = record({time: {micros: 1_795_398_600_123_456, nanos: 789}})
    expect(compileFilter('frame.time > 1795398600.123456788')(late)).toBe(true)
    expect(compileFilter('frame.time == 1795398600.123456789')(late)).toBe(true)
    expect(compileFilter('frame.time > 1795398600.123456789')(late)).toBe(false)
  })

  it('asks with != that all values differ, and that there is one', () => {
    expect(compileFilter('finding.code != first-not-ping')(broken)).toBe(false)
    expect(compileFilter('finding.code != ping-zero')(broken)).toBe(true)
    expect(compileFilter('finding.code != ping-zero')(ping)).toBe(false)
    expect(compileFilter('!(finding.code == ping-zero)')(ping)).toBe(true)
  })

  it('has an example of every operator and slice that compiles', () => {
    const examples = [
      ...testOperators,
      memberOperator,
      ...joinOperators,
      notOperator,
      ...Object.values(quantifiers),
    ].map(({example}) => example)
    for (const example of [...examples, ...Object.values(sliceForms)])
      expect(compileFilter(example), example).toBeTypeOf('function')
  })

  it('finds a key by the form in which lists show it, and by its first bytes', () => {
    const keys = Object.values(samples).flatMap(record => fieldTexts(record, 'key'))
    expect(keys.length).toBeGreaterThan(3)
    for (const key of new Set(keys)) {
      const holders = passes(`key == ${key}`)
      expect(holders.length).toBeGreaterThan(0)
      const short = shortKey(key)
      expect(short).toBe(`${key.slice(0, 4)}…${key.slice(-4)}`)
      for (const form of [short, inSigns(short, true), `${key.slice(0, 8)}..${key.slice(-2)}`])
        expect(passes(`key == ${form}`)).toEqual(holders)
      expect(passes(`key in {${short}, ${'00'.repeat(32)}}`)).toEqual(holders)
      expect(passes(`key == ${key.slice(0, 10)}`)).toEqual(holders)
    }
    expect(() => compileFilter(`key == ${'ab'.repeat(33)}`)).toThrow('key has 32 bytes, not 33')
    expect(() => compileFilter('route_request.pk == 9f2a')).toThrow('has 32 bytes, not 2')
  })

  it('joins', () => {
    expect(passes('oob_send && rest || ping_request')).toEqual(['ping', 'broken', 'longPing'])
    expect(passes('ping_request ^^ rest')).toEqual(['ping', 'broken'])
    expect(passes('type == ping_request and not rest')).toEqual(['ping'])
  })

  it.each([
    ['oob_sned', 'unknown field "oob_sned"', 'oob_send'],
    ['destination_pk contains 00', 'unknown field "destination_pk"', 'oob_send.destination_pk'],
    ['type == oob_sned', 'type is never "oob_sned"', 'oob_send'],
    ['from == clinet', 'from is never "clinet"', 'client'],
    ['finding.code == frame-to-long', 'finding.code is never "frame-to-long"', 'frame-too-long'],
    ['finding.severity >= wran', '"wran" is not a severity, which finding.severity is', 'warn'],
    ['oob_send.destination_pk == 9f2a', 'oob_send.destination_pk has 32 bytes, not 2', 'oob_send.destination_pk[0:2]'],
    [
      'oob_send.destination_pk == "ab"',
      'oob_send.destination_pk has 32 bytes, not 2',
      'oob_send.destination_pk[0:2] == "ab"',
    ],
    ['oob_send.destination_pk == 9f2', '"9f2" is not hex, which oob_send.destination_pk is', '00:11:22'],
    ['frame.len == x', '"x" is not a number, which frame.len is', '0x'],
    ['frame.len == frame.lne', 'unknown field "frame.lne"', 'frame.len'],
    ['frame.len == ip.addr', 'they cannot be compared', undefined],
    ['frame.len contains 5', '"contains" is for bytes and text', undefined],
    ['frame.len[0]', 'frame.len cannot be sliced', undefined],
    ['ip.addr == 10.0.0.0/33', 'is not an IP address', '10.0.0.0/8'],
    ['frame.time > "2026-02-30"', 'is not a time', 'UTC'],
    ['frame.time > "2026-11-23 24:00"', 'is not a time', 'UTC'],
    ['time > 5', 'time is a point in time, and 5 would be one in 1970', 'frame.time_relative'],
    ['frame.time in {0.5 .. 1.5}', 'and 0.5 would be one in 1970', 'frame.time_epoch'],
    ['type matches "a("', '"(" is not closed', undefined],
    ['type == "\\q"', 'unknown escape "\\q"', 'r"..."'],
    ['5 == 5', 'unknown field "5"', 'explain filter'],
    ['tcp.port in {http}', '"http" is not a number', 'decimal'],
    ['type == "a"[0]', 'a literal cannot be sliced', undefined],
  ])('says what is wrong with %s', (filter, message, advice) => {
    expect(() => compileFilter(filter)).toThrow(InputError)
    try {
      compileFilter(filter)
    } catch (error) {
      expect((error as InputError).message).toContain(message)
      expect((error as InputError).hint).toMatch(/^.+\n *\^+/)
      if (advice) expect((error as InputError).hint).toContain(advice)
    }
  })

  it('reads each value as it is printed', () => {
    for (const sample of Object.values(samples)) {
      for (const name of filterNames()) {
        for (const text of fieldTexts(sample, name)) {
          const literal =
            filterName(name).kind === 'bytes' ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
          if (literal !== '') expect(compileFilter(`${name} == ${literal}`)(sample), `${name} ${text}`).toBe(true)
        }
      }
    }
  })

  it('throws nothing but InputError, and what it compiles never throws', () => {
    const part = fc.oneof(
      fc.constantFrom(...filterNames()),
      fc.constantFrom(
        '==',
        '!=',
        '<',
        '>=',
        'contains',
        'matches',
        'in',
        '&&',
        '||',
        'not',
        '(',
        ')',
        '{',
        '}',
        ',',
        '..',
        '[0:2]',
        '[-3:]',
        'all',
      ),
      fc.constantFrom(
        '5',
        '0x10',
        '00:11',
        '"a"',
        '1.2.3.4/7',
        '::1',
        '"2026-11-23"',
        'error',
        'client',
        '".*(a|b)+"',
        '18446744073709551616',
        '1.5',
      ),
    )
    const test = fc
      .tuple(fc.constantFrom(...filterNames()), fc.constantFrom('==', '!=', '<', '>=', 'contains', 'matches'), part)
      .map(parts => parts.join(' '))
    const filter = fc.oneof(
      test,
      fc.array(part, {maxLength: 8}).map(parts => parts.join(' ')),
      fc.string(),
    )
    let compiled = 0
    fc.assert(
      fc.property(filter, text => {
        let matches: ReturnType<typeof compileFilter>
        try {
          matches = compileFilter(text)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          return
        }
        compiled++
        for (const sample of Object.values(samples)) expect(matches(sample)).toBeTypeOf('boolean')
      }),
      {numRuns: 5000},
    )
    expect(compiled).toBeGreaterThan(300)
  })

  it('is not misled by names of Object.prototype', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(() => compileFilter(word)).toThrow(InputError)
      expect(() => compileFilter(`type ${word} 5`)).toThrow(InputError)
      expect(() => compileFilter(`type == ${word}`)).toThrow(InputError)
    }
    expect(compileFilter('oob_send.data')(oobSend)).toBe(true)
  })
})

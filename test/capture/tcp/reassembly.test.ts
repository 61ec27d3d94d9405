import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {limits} from '../../../src/capture/limits.js'
import {Wire} from '../wire.js'

describe('bytes in order', () => {
  test('are delivered at once, each side its own', () => {
    const wire = new Wire().open()
    wire.send({from: 0, seq: 1001, ack: 5001, data: 'hello '})
    expect(wire.text(0)).toBe('hello ')
    wire.send({from: 1, seq: 5001, ack: 1007, data: 'hi'}).send({from: 0, seq: 1007, ack: 5003, data: 'there'})
    expect([wire.text(0), wire.text(1)]).toEqual(['hello there', 'hi'])
    expect(wire.connections[0]!.opened).toEqual({
      ends: [
        {ip: '10.0.0.1', port: 40000},
        {ip: '10.0.0.2', port: 33445},
      ],
      hardware: [Uint8Array.of(2, 0, 0, 0, 0, 0), Uint8Array.of(2, 0, 0, 0, 0, 1)],
      hasSyn: true,
      time: {micros: 1_000_010, nanos: 0},
      packet: 1,
    })
    expect(wire.connections[0]!.pieces[0].map(piece => [piece.at, piece.packet, piece.offset])).toEqual([
      [0, 4, 4054],
      [6, 6, 6054],
    ])
  })

  test('a FIN comes after its bytes, also when it was captured before them', () => {
    const wire = new Wire().open().send({from: 0, seq: 1004, ack: 5001, flags: 'FA'})
    expect(wire.closes()).toBe('/')
    wire.send({from: 0, seq: 1001, ack: 5001, data: 'abc'})
    expect([wire.text(0), wire.closes()]).toEqual(['abc', 'fin/'])
    wire.send({from: 1, seq: 5001, ack: 1005, data: 'still here', flags: 'FA'})
    expect([wire.text(1), wire.closes()]).toEqual(['still here', 'fin/fin'])
  })

  test('a reset ends its side; the other one may have bytes on the way', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, ack: 5001, flags: 'RA'})
      .send({from: 1, seq: 5001, ack: 1001, data: 'late'})
      .end()
    expect([wire.text(1), wire.closes()]).toEqual(['late', 'rst/capture_end'])
  })

  test('a refused connection has ends and a reset', () => {
    const wire = new Wire().send({from: 0, seq: 1000, flags: 'S'}).send({from: 1, seq: 0, ack: 1001, flags: 'RA'}).end()
    expect(wire.closes()).toBe('capture_end/rst')
  })

  test('a reset far out of the window is nobody’s', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 0x40000000, flags: 'R'})
      .send({from: 0, seq: 1001, ack: 5001, data: 'x'})
    expect([wire.text(0), wire.closes(), wire.tracker.counters.outOfWindow]).toEqual(['x', '/', 1])
  })

  test('data in the SYN, and the same data again after it', () => {
    const wire = new Wire()
      .send({from: 0, seq: 1000, flags: 'S', data: 'fast'})
      .send({from: 1, seq: 1, ack: 1005, flags: 'SA'})
      .send({from: 0, seq: 1001, ack: 2, data: 'fast open'})
    expect(wire.text(0)).toBe('fast open')
  })

  test('sequence numbers wrap', () => {
    const wire = new Wire().open(0xfffffffd, 0x7ffffffe)
    for (const [i, letter] of [...'abcdef'].entries())
      wire
        .send({from: 0, seq: 0xfffffffe + i, ack: 0x7fffffff, data: letter})
        .send({from: 1, seq: 0x7fffffff + i, data: letter})
    expect([wire.text(0), wire.text(1)]).toEqual(['abcdef', 'abcdef'])
  })
})

describe('bytes out of order', () => {
  test('wait, and come with the origin that they had', () => {
    const wire = new Wire().open().send({from: 0, seq: 1004, data: 'def'}).send({from: 0, seq: 1007, data: 'ghi'})
    expect(wire.text(0)).toBe('')
    wire.send({from: 0, seq: 1001, data: 'abc'})
    expect(wire.text(0)).toBe('abcdefghi')
    expect(wire.connections[0]!.pieces[0].map(piece => piece.packet)).toEqual([6, 4, 5])
    // Readable only now.
    expect(new Set(wire.connections[0]!.pieces[0].map(piece => piece.micros)).size).toBe(1)
  })

  test('keep-alives bring nothing', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'abc'})
      .send({from: 0, seq: 1003})
      .send({from: 0, seq: 1003, data: '\0'})
      .send({from: 0, seq: 1004, data: 'd'})
    expect(wire.text(0)).toBe('abcd')
    expect(wire.tracker.counters).toMatchObject({keepAlives: 1, conflicts: 0})
  })

  test('any order, cut and repetition of a stream gives the stream', () => {
    const stream = Buffer.from(Array.from({length: 300}, (_, i) => (i * 7) % 251))
    const part = fc.tuple(fc.nat(299), fc.integer({min: 1, max: 60}))
    fc.assert(
      fc.property(fc.array(part, {maxLength: 40}), fc.integer({min: -2000, max: 2000}), (parts, isn) => {
        const wire = new Wire().open(isn)
        const base = isn + 1
        for (const [at, length] of parts) wire.send({from: 0, seq: base + at, data: stream.subarray(at, at + length)})
        for (let at = 0; at < 300; at += 50) wire.send({from: 0, seq: base + at, data: stream.subarray(at, at + 50)})
        expect(Buffer.from(wire.text(0), 'latin1').equals(stream)).toBe(true)
        expect(wire.collector.conflicts).toEqual([])
      }),
    )
  })
})

describe('overlaps with other bytes', () => {
  test('the first bytes win over those delivered before', () => {
    const wire = new Wire().open().send({from: 0, seq: 1001, data: 'abcdef'}).send({from: 0, seq: 1003, data: 'cdXXgh'})
    expect(wire.text(0)).toBe('abcdefgh')
    expect(wire.collector.conflicts).toMatchObject([{connection: 0, end: 0, packet: 5, position: 4}])
  })

  test('the first bytes win over those that wait', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1005, data: 'EFG'})
      .send({from: 0, seq: 1003, data: 'cdefghij'})
      .send({from: 0, seq: 1001, data: 'abZ'})
    expect(wire.text(0)).toBe('abcdEFGhij')
    expect(wire.collector.conflicts).toMatchObject([
      {packet: 5, position: 4},
      {packet: 6, position: 2},
    ])
  })

  test('are seen as far back as the history goes, also where its ring turns', () => {
    const wire = new Wire().open()
    const stream = Buffer.alloc(limits.historyBytes * 2 + 500, 'abcdefghijk')
    for (let at = 0; at < stream.length; at += 1000)
      wire.send({from: 0, seq: 1001 + at, data: stream.subarray(at, at + 1000)})
    for (const back of [1, 700, 5000, limits.historyBytes]) {
      const at = stream.length - back
      wire.send({from: 0, seq: 1001 + at, data: stream.subarray(at, at + 100)})
      expect(wire.collector.conflicts).toHaveLength(0)
    }
    const wrong = Buffer.from(stream.subarray(stream.length - 5000, stream.length - 4000))
    wrong[999]! ^= 1
    wire.send({from: 0, seq: 1001 + stream.length - 5000, data: wrong})
    expect(wire.collector.conflicts).toMatchObject([{position: stream.length - 4001}])
  })
})

describe('the order between both sides is uncertain', () => {
  const marks = (wire: Wire, end: 0 | 1) =>
    wire.connections[0]!.pieces[end].map(({bytes, isAhead}) => `${bytes}${isAhead ? '?' : ''}`)

  test('where one has acknowledged what comes later, and of that itself', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1004, data: 'def'})
      .send({from: 1, seq: 5001, ack: 1007, data: 'answer'})
      .send({from: 0, seq: 1001, data: 'abc'})
      .send({from: 0, seq: 1007, data: 'ghi'})
      .send({from: 1, seq: 5007, ack: 1010, data: 'again'})
    expect([marks(wire, 0), marks(wire, 1)]).toEqual([
      ['abc?', 'def?', 'ghi'],
      ['answer?', 'again'],
    ])
  })

  test('where an answer waits for bytes before it, and they acknowledge less', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'abc'})
      .send({from: 1, seq: 5004, ack: 1007, data: 'answer'})
      .send({from: 1, seq: 5001, ack: 1004, data: 'xyz'})
      .send({from: 0, seq: 1004, data: 'def'})
      .send({from: 0, seq: 1007, data: 'ghi'})
    expect([marks(wire, 0), marks(wire, 1)]).toEqual([
      ['abc', 'def?', 'ghi'],
      ['xyz', 'answer?'],
    ])
  })

  test('not of bytes that answer a FIN', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'abc', flags: 'FA'})
      .send({from: 1, seq: 5001, ack: 1005, data: 'x'})
    expect(marks(wire, 1)).toEqual(['x'])
  })

  test('where one echoes the time stamp of a segment that comes later, whatever it acknowledges', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'abc', stamps: [100, 900]})
      .send({from: 1, seq: 5001, ack: 1004, data: 'answer', stamps: [901, 105]})
      .send({from: 0, seq: 1004, data: 'def', stamps: [105, 900]})
      .send({from: 0, seq: 1007, data: 'ghi', stamps: [106, 901]})
      .send({from: 1, seq: 5007, ack: 1010, data: 'again', stamps: [902, 106]})
    expect([marks(wire, 0), marks(wire, 1)]).toEqual([
      ['abc', 'def?', 'ghi'],
      ['answer?', 'again'],
    ])
  })

  test('of a segment that was sent before others of its side, but not where one is sent again', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, stamps: [105, 900]})
      .send({from: 0, seq: 1001, data: 'abc', stamps: [104, 900]})
      .send({from: 0, seq: 1007, data: 'ghi', stamps: [106, 900]})
      .send({from: 0, seq: 1004, data: 'def', stamps: [107, 900]})
    expect(marks(wire, 0)).toEqual(['abc?', 'def', 'ghi'])
  })

  test('of bytes that were acknowledged long before', () => {
    const wire = new Wire()
      .open()
      .send({from: 1, seq: 5001, ack: 1004})
      .wait(limits.patienceMicros)
      .send({from: 0, seq: 1001, data: 'abc'})
    wire.send({from: 1, seq: 5001, ack: 1004}).send({from: 0, seq: 1004, data: 'def'})
    expect(marks(wire, 0)).toEqual(['abc?', 'def'])
  })

  test('not where segments of one side come in another order while the other is silent', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1004, data: 'def'})
      .send({from: 0, seq: 1001, data: 'abc'})
      .send({from: 1, seq: 5001, ack: 1007, data: 'x'})
    expect([marks(wire, 0), marks(wire, 1)]).toEqual([['abc', 'def'], ['x']])
  })
})

describe('lost bytes', () => {
  test('are given up when the other side has them, and time and a few segments have passed', () => {
    const wire = new Wire().open().send({from: 0, seq: 1004, data: 'def'}).send({from: 1, seq: 5001, ack: 1007})
    wire.wait(limits.patienceMicros)
    for (let i = 2; i < limits.patienceLeastSegments; i++) wire.send({from: 1, seq: 5001, ack: 1007})
    expect(wire.text(0)).toBe('')
    wire.send({from: 1, seq: 5001, ack: 1007})
    expect(wire.text(0)).toBe('<3>def')
    expect(wire.connections[0]!.pieces[0][0]).toMatchObject({packet: 4, gap: 3})
  })

  test('leave what follows them with the time of its own packet, and the gap with that of the packet after it', () => {
    const wire = new Wire().open()
    wire.send({from: 0, seq: 1004, data: 'def'})
    wire.send({from: 0, seq: 1010, data: 'jkl'})
    wire.send({from: 0, seq: 1007, data: 'ghi'})
    wire.send({from: 0, seq: 1016, flags: 'FA'})
    for (let i = 0; i < limits.patienceSegments; i++) wire.send({from: 1, seq: 5001 + i, ack: 1017, data: 'x'})
    wire.end()
    expect(wire.text(0)).toBe('<3>defghijkl<3>')
    const [first, , third, fourth] = [3, 4, 5, 6].map(place => 1_000_010 + 10 * place)
    // The letters ghi came last, and jkl waited for them.
    const times = [first, first, third, third, fourth]
    expect(wire.connections[0]!.pieces[0].map(piece => piece.micros)).toEqual(times)
  })

  test('may come a few segments late, though these are far apart in time', () => {
    const wire = new Wire().open().send({from: 0, seq: 1004, data: 'def'})
    for (let i = 0; i < 3; i++) wire.wait(30_000_000).send({from: 1, seq: 5001, ack: 1007})
    wire.send({from: 0, seq: 1001, data: 'abc'})
    expect(wire.text(0)).toBe('abcdef')
  })

  test('are given up when many segments have passed', () => {
    const wire = new Wire().open().send({from: 0, seq: 1004, data: 'def'})
    for (let i = 0; i < limits.patienceSegments; i++) wire.send({from: 1, seq: 5001 + i, ack: 1007, data: 'x'})
    expect(wire.text(0)).toBe('<3>def')
  })

  test('are given up when time passes without packets', () => {
    const wire = new Wire().open().send({from: 0, seq: 1004, data: 'def'}).send({from: 1, seq: 5001, ack: 1007})
    wire.advance(limits.patienceMostMicros)
    expect(wire.text(0)).toBe('<3>def')
  })

  test('are waited for while nobody has acknowledged them', () => {
    const wire = new Wire().open().send({from: 0, seq: 1004, data: 'def'}).send({from: 0, seq: 1007, data: 'ghi'})
    for (let i = 0; i < 200; i++) wire.send({from: 1, seq: 5001, ack: 1001})
    expect(wire.text(0)).toBe('')
    wire.wait(limits.unacknowledgedMicros).send({from: 1, seq: 5001, ack: 1001})
    expect(wire.text(0)).toBe('<3>defghi')
  })

  test('may come after their acknowledgement, however long, while nothing waits for them', () => {
    const wire = new Wire().open()
    for (let i = 0; i < 200; i++) wire.send({from: 1, seq: 5001, ack: 1004}).wait(limits.patienceMicros)
    wire.send({from: 0, seq: 1001, data: 'abc'})
    expect(wire.text(0)).toBe('abc')
  })

  test('one acknowledgement that is damaged gives nothing up', () => {
    const wire = new Wire()
      .open()
      .send({from: 1, seq: 5001, ack: 1201})
      .send({from: 1, seq: 5001, ack: 1001})
      .wait(limits.unacknowledgedMicros)
    wire.send({from: 0, seq: 1001, data: 'abc'}).end()
    expect(wire.text(0)).toBe('abc')
  })

  test('at the end of the capture are gaps, also acknowledged ones at the end', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1004, data: 'def'})
      .send({from: 0, seq: 1010, data: 'jkl'})
      .send({from: 1, seq: 5001, ack: 1020})
      .send({from: 1, seq: 5001, ack: 1020})
      .end()
    expect([wire.text(0), wire.closes()]).toEqual(['<3>def<3>jkl<7>', 'capture_end/capture_end'])
  })

  test('the sequence number of a FIN that was not captured is not a missing byte', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'abc'})
      .send({from: 1, seq: 5001, ack: 1005})
      .send({from: 1, seq: 5001, ack: 1005})
      .end()
    expect(wire.text(0)).toBe('abc')
  })

  test('in front of a FIN or reset are gaps', () => {
    const fin = new Wire()
      .open()
      .send({from: 0, seq: 1011, flags: 'FA'})
      .send({from: 1, seq: 5001, ack: 1012})
      .wait(limits.unacknowledgedMicros)
      .send({from: 1, seq: 5001, ack: 1012})
    expect([fin.text(0), fin.closes()]).toEqual(['<10>', 'fin/'])
    const rst = new Wire().open().send({from: 0, seq: 1011, flags: 'RA'}).wait(limits.unacknowledgedMicros)
    rst.advance(0)
    expect([rst.text(0), rst.closes()]).toEqual(['<10>', 'rst/'])
  })

  test('are waited for, and become a gap, before a reset of the other side', () => {
    const wire = new Wire()
      .open()
      .send({from: 1, seq: 5004, ack: 1001, data: 'def'})
      .send({from: 0, seq: 1001, ack: 5007, flags: 'RA'})
    expect(wire.closes()).toBe('/')
    expect([wire.send({from: 1, seq: 5001, ack: 1001, data: 'abc'}).text(1), wire.closes()]).toEqual(['abcdef', 'rst/'])
    const lost = new Wire()
      .open()
      .send({from: 1, seq: 5004, ack: 1001, data: 'def'})
      .send({from: 0, seq: 1001, ack: 5007, flags: 'RA'})
      .wait(limits.unacknowledgedMicros)
    lost.send({from: 0, seq: 1001, ack: 5007, flags: 'RA'})
    expect([lost.text(1), lost.closes()]).toEqual(['<3>def', 'rst/'])
    expect(lost.collector.log.findIndex(line => line.includes(' rst '))).toBe(lost.collector.log.length - 1)
  })

  test('are given up soon, all of them, where both sides have closed and the other one has all', () => {
    const wire = new Wire()
      .open()
      .send({from: 1, seq: 5004, ack: 1001, data: 'def'})
      .send({from: 0, seq: 1001, ack: 5007})
      .send({from: 1, seq: 5010, ack: 1001, data: 'jkl'})
      .send({from: 1, seq: 5013, ack: 1001, flags: 'FA'})
      .send({from: 0, seq: 1001, ack: 5014})
      .send({from: 0, seq: 1001, ack: 5014, flags: 'RA'})
    expect([wire.text(1), wire.closes()]).toEqual(['', '/'])
    wire.advance(limits.patienceMicros)
    expect([wire.text(1), wire.closes()]).toEqual(['<3>def<3>jkl', 'rst/fin'])
  })

  test('before a FIN do not make the answer to it the first', () => {
    const closing = (wire: Wire) =>
      wire
        .open()
        .send({from: 0, seq: 1004, ack: 5001, data: 'def'})
        .send({from: 1, seq: 5001, ack: 1007})
        .send({from: 0, seq: 1007, ack: 5001, flags: 'FA'})
        .send({from: 1, seq: 5001, ack: 1008, flags: 'FA'})
    const firstClose = (wire: Wire) => wire.collector.log.find(line => / fin /.test(line))
    const late = closing(new Wire())
    expect(late.closes()).toBe('/')
    late.send({from: 0, seq: 1001, ack: 5001, data: 'abc'})
    expect([late.text(0), late.closes()]).toEqual(['abcdef', 'fin/fin'])
    const lost = closing(new Wire()).end()
    expect([lost.text(0), lost.closes()]).toEqual(['<3>def', 'fin/fin'])
    const passed = closing(new Wire()).wait(limits.unacknowledgedMicros).send({from: 0, seq: 1008, ack: 5002})
    expect([passed.text(0), passed.closes()]).toEqual(['<3>def', 'fin/fin'])
    const forged = new Wire()
      .open()
      .send({from: 1, seq: 9001, flags: 'R'})
      .send({from: 0, seq: 1001, ack: 5001, flags: 'FA'})
      .send({from: 1, seq: 5001, ack: 1002, flags: 'FA'})
    expect(forged.closes()).toBe('fin/fin')
    for (const wire of [late, lost, passed, forged]) expect(firstClose(wire)).toMatch(/^0\/0 \S+ fin /)
  })

  test('are given up at the bound on what waits', () => {
    const wire = new Wire().open()
    const block = Buffer.alloc(60_000, 'a')
    for (let i = 0; i * block.length < limits.pendingBytes + block.length; i++)
      wire.send({from: 0, seq: 1004 + i * block.length, data: block})
    expect(wire.text(0).startsWith('<3>aaa')).toBe(true)
    expect(wire.tracker.counters.gaps).toBe(1)
  })

  test('more than a window are believed when two segments follow on each other', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'abc'})
      .send({from: 0, seq: 100_001_004, data: 'far'})
    expect(wire.text(0)).toBe('abc')
    wire.send({from: 0, seq: 100_001_007, data: 'away'})
    expect(wire.text(0)).toBe('abc<100000000>faraway')
  })

  test('may be all that is known of a connection', () => {
    const wire = new Wire()
      .send({from: 0, seq: 1, ack: 1})
      .send({from: 1, seq: 1, ack: 1})
      .send({from: 0, seq: 101, ack: 1, flags: 'FA'})
      .end()
    expect([wire.text(0), wire.closes()]).toEqual(['<100>', 'fin/capture_end'])
  })

  test('a single segment far away is left out', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'abc'})
      .send({from: 0, seq: 100_001_004, data: 'far'})
      .send({from: 0, seq: 1004, data: 'def'})
      .end()
    expect(wire.text(0)).toBe('abcdef')
  })
})

describe('connections', () => {
  test('a SYN with another number begins a new one, also without a close', () => {
    const wire = new Wire()
      .open()
      .send({from: 0, seq: 1001, data: 'one'})
      .open(77_000, 88_000)
      .send({from: 0, seq: 77_001, data: 'two'})
      .end()
    expect(wire.connections.map((_, i) => [wire.text(0, i), wire.closes(i)])).toEqual([
      ['one', 'capture_end/capture_end'],
      ['two', 'capture_end/capture_end'],
    ])
  })

  test('a SYN with the same number does not', () => {
    const wire = new Wire()
      .send({from: 0, seq: 1000, flags: 'S'})
      .wait(1_000_000)
      .open()
      .send({from: 1, seq: 5000, ack: 1001, flags: 'SA'})
      .send({from: 0, seq: 1001, data: 'one'})
    expect([wire.connections.length, wire.text(0)]).toEqual([1, 'one'])
  })

  test.each([900_000_000, 1002 + limits.reuseBytes])(
    'data far from a closed one begins a new one, whose SYN was not captured: %i',
    seq => {
      const wire = new Wire()
        .open()
        .send({from: 0, seq: 1001, ack: 5001, flags: 'RA'})
        .send({from: 0, seq, ack: 1, data: 'new'})
      expect(wire.connections.map(({opened}) => opened.hasSyn)).toEqual([true, false])
      expect(wire.text(0, 1)).toBe('new')
    },
  )

  test('a SYN captured after the data of its connection does not begin another connection', () => {
    const wire = new Wire()
      .send({from: 1, seq: 5000, ack: 1001, flags: 'SA'})
      .send({from: 0, seq: 1001, ack: 5001, data: 'abc'})
      .send({from: 0, seq: 1000, flags: 'S'})
      .send({from: 0, seq: 1004, data: 'def'})
    expect([wire.connections.length, wire.text(0)]).toEqual([1, 'abcdef'])
    expect(wire.connections[0]!.opened.ends[0].port).toBe(40000)
  })

  test('the answer to a SYN shows where the stream of who asked begins, in any order', () => {
    const wire = new Wire()
      .send({from: 1, seq: 5000, ack: 1001, flags: 'SA'})
      .send({from: 0, seq: 1004, ack: 5001})
      .send({from: 0, seq: 1004, ack: 5001, data: 'def'})
      .send({from: 0, seq: 1001, ack: 5001, data: 'abc'})
      .send({from: 0, seq: 1000, flags: 'S'})
    expect([wire.connections.length, wire.text(0)]).toEqual([1, 'abcdef'])
  })

  test('without a SYN, end 0 is who sends data first, not who is heard first', () => {
    const wire = new Wire().send({from: 0, seq: 1001, ack: 5001}).send({from: 1, seq: 5001, ack: 1001, data: 'hello'})
    expect(wire.connections[0]!.opened).toMatchObject({hasSyn: false, packet: 1, ends: [{port: 33445}, {port: 40000}]})
    expect(wire.text(0)).toBe('hello')
  })

  test('a keep-alive heard first does not make a gap', () => {
    const wire = new Wire()
      .send({from: 0, seq: 1000, ack: 5001})
      .send({from: 0, seq: 1001, ack: 5001, data: 'abc'})
      .end()
    expect(wire.text(0)).toBe('abc')
  })

  test('are numbered by their first packet, though another may be known earlier', () => {
    const wire = new Wire().send({from: 0, seq: 1, ack: 1})
    const other = [
      {ip: '10.0.0.9', port: 5},
      {ip: '10.0.0.2', port: 33445},
    ] as const
    expect(wire.connections).toHaveLength(0)
    wire.send({from: 0, seq: 9, flags: 'S'}, other).send({from: 0, seq: 1, data: 'x'})
    expect(wire.connections.map(({opened}) => opened.packet)).toEqual([1, 2])
    expect(wire.text(0, 0)).toBe('x')
  })

  test('both ends may have the same address and port', () => {
    const self = [
      {ip: '127.0.0.1', port: 7},
      {ip: '127.0.0.1', port: 7},
    ] as const
    const wire = new Wire().send({from: 0, seq: 9, flags: 'S'}, self).send({from: 0, seq: 10, data: 'me'}, self).end()
    expect([wire.connections.length, wire.text(0)]).toEqual([1, 'me'])
  })

  const scanner = (i: number) =>
    [
      {ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, port: 1000 + (i % 60000)},
      {ip: '10.9.9.9', port: 80},
    ] as const

  test('a new one is not ended in place of those that have been silent longer', () => {
    const wire = new Wire()
    for (let i = 0; i < limits.connections; i++)
      wire.send({from: 0, seq: 1, data: 'a'}, scanner(i)).send({from: 0, seq: 2, data: 'b'}, scanner(i))
    const last = limits.connections
    wire.send({from: 0, seq: 1, data: 'a'}, scanner(last)).send({from: 0, seq: 2, data: 'b'}, scanner(last)).end()
    expect(wire.connections).toHaveLength(limits.connections + 1)
    expect(wire.tracker.counters.evicted).toBe(1)
    expect(wire.text(0, last)).toBe('ab')
  })

  test('too many are ended, the longest silent first', () => {
    const wire = new Wire().open()
    for (let i = 0; i < limits.connections + 5000; i++) {
      wire.send({from: 0, seq: i, flags: 'S'}, scanner(i))
      if (i % 1000 === 0) wire.send({from: 0, seq: 1001 + i / 1000, data: 'x'})
    }
    expect(wire.tracker.counters.evicted).toBe(5001)
    expect(wire.closes(0)).toBe('/')
    expect(wire.text(0)).toBe('x'.repeat(Math.ceil((limits.connections + 5000) / 1000)))
    expect(wire.closes(1)).toBe('capture_end/capture_end')
  })

  test('addresses forged to meet under one hash value do not make the search long', () => {
    const wire = new Wire()
    for (let port = 0; port < 1000; port++) {
      // The inverse of the table's hash of one end: each of these addresses undoes its port.
      const word = (0x0a000001 ^ Math.imul(port + 1, 0x9e3779b1)) >>> 0
      const ip = [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join('.')
      wire.send({from: 0, seq: 1, flags: 'S'}, [
        {ip, port},
        {ip: '10.0.0.2', port: 33445},
      ])
    }
    expect(wire.connections).toHaveLength(1000)
    expect(wire.tracker.counters.evicted).toBe(1000 - limits.chain)
  })
})

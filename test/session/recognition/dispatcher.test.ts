import fc from 'fast-check'
import {expect, test} from 'vitest'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {limits} from '../../../src/protocol/limits.js'
import {Dispatcher} from '../../../src/session/recognition/dispatcher.js'
import type {Chunk, End, Time} from '../../../src/wire/chunk.js'
import {seeded} from '../../reading/damaged/edited-captures.js'

const at = (seconds: number): Time => ({micros: seconds * 1_000_000, nanos: 0})

function dispatching() {
  const fed: Chunk[] = []
  const dispatcher = new Dispatcher(
    {open() {}, feed: chunk => fed.push(chunk), conflict() {}, key() {}, end() {}},
    [],
    new Keyring(),
  )
  const open = (connection: number, seconds = 0) =>
    dispatcher.open(connection, {
      ends: [
        {ip: '10.0.0.1', port: 40_000 + connection},
        {ip: '10.0.0.2', port: 5000 + connection},
      ],
      hasSyn: true,
      time: at(seconds),
    })
  const feed = (connection: number, end: 0 | 1, bytes: Uint8Array, seconds = 0) =>
    dispatcher.chunk({connection, end, time: at(seconds), bytes})
  return {dispatcher, fed, open, feed}
}

const handshake = (size: number) => new Uint8Array(size).map((_, i) => (i * 37 + 128) & 0xff)

/** Both handshakes: enough to recognise a connection. */
function handshakes(feed: ReturnType<typeof dispatching>['feed'], connection: number, seconds = 0): void {
  feed(connection, 0, handshake(limits.clientHandshake), seconds)
  feed(connection, 1, handshake(limits.relayHandshake), seconds)
}

test('copies the bytes of a chunk that waits when its block is through', () => {
  const {dispatcher, fed, open, feed} = dispatching()
  open(0)
  const block = handshake(1000)
  const sent = block.slice(0, limits.clientHandshake)
  feed(0, 0, block.subarray(0, limits.clientHandshake))
  dispatcher.copyWaiting()
  block.fill(0)
  feed(0, 1, handshake(limits.relayHandshake))
  expect(fed[0]?.bytes).toEqual(sent)
  expect(fed[0]?.bytes?.buffer.byteLength).toBe(limits.clientHandshake)
})

test('passes chunks on as views of their block once a connection is recognised', () => {
  const {dispatcher, fed, open, feed} = dispatching()
  open(0)
  handshakes(feed, 0)
  const block = new Uint8Array(1000)
  feed(0, 0, block.subarray(0, 100))
  dispatcher.copyWaiting()
  expect(fed.at(-1)?.bytes?.buffer).toBe(block.buffer)
})

test('lets chunks wait two seconds of capture time for an earlier connection that is not recognised', () => {
  const {fed, open, feed} = dispatching()
  open(0)
  feed(0, 0, new Uint8Array(1).fill(0x80))
  open(1)
  handshakes(feed, 1, 1)
  expect(fed).toEqual([])
  feed(1, 0, new Uint8Array(27), 3)
  expect(fed.map(({connection}) => connection)).toEqual([1, 1, 1])
})

test.each([
  ['chunksInOrder chunks', limits.chunksInOrder, 1],
  ['bytesInOrder bytes', Math.floor(limits.bytesInOrder / 60_000), 60_000],
] as const)('lets at most %s wait for a connection that is not recognised', (_, most, size) => {
  const {fed, open, feed} = dispatching()
  open(0)
  feed(0, 0, new Uint8Array(1).fill(0x80))
  open(1)
  handshakes(feed, 1)
  const block = new Uint8Array(size)
  let waited = 0
  while (fed.length === 0 && waited < 2 * most) {
    feed(1, 0, block)
    waited++
  }
  // Besides these, two openings, the first byte and two handshakes wait.
  expect(Math.abs(waited - most)).toBeLessThanOrEqual(5)
  expect(fed).toHaveLength(waited + 2)
})

test('passes each chunk on once, where it waited for two connections that are not recognised', () => {
  const {fed, open, feed} = dispatching()
  const start = new Uint8Array(1).fill(0x80)
  open(0)
  feed(0, 0, start)
  open(1, 1.5)
  feed(1, 0, start, 1.5)
  feed(0, 0, handshake(limits.clientHandshake).subarray(1), 1.6)
  open(2, 3)
  handshakes(feed, 2, 3)
  feed(0, 1, handshake(limits.relayHandshake), 3)
  feed(2, 0, start, 5)
  expect(fed.map(({connection, end}) => `${connection} ${end}`)).toEqual(['0 0', '0 0', '0 1', '2 0', '2 1', '2 0'])
})

test('passes each chunk of a Tox connection on once and in order, whichever connections wait for which', () => {
  const step = fc.record({connection: fc.nat(5), millis: fc.nat(1500)})
  fc.assert(
    fc.property(fc.array(step, {minLength: 40, maxLength: 80}), steps => {
      const {fed, open, feed} = dispatching()
      const given = new Map<number, string[]>()
      const seconds = {now: 0}
      const say = (connection: number) => {
        const said = given.get(connection) ?? []
        if (said.length === 0) open(connection, seconds.now)
        // The handshakes come in pieces, so that it takes a while until the connection is recognised.
        const [side, bytes] = [
          [0, handshake(limits.clientHandshake).subarray(0, 1)],
          [0, handshake(limits.clientHandshake).subarray(1)],
          [1, handshake(limits.relayHandshake)],
        ][said.length] ?? [said.length % 2, new Uint8Array(30).fill(said.length)]
        feed(connection, side as 0 | 1, bytes as Uint8Array, seconds.now)
        given.set(connection, [...said, `${side} ${(bytes as Uint8Array).length} ${(bytes as Uint8Array)[0]}`])
      }
      for (const {connection, millis} of steps) {
        seconds.now += millis / 1000
        say(connection)
      }
      // All are recognised at last.
      for (let round = 0; round < 3; round++) for (const connection of [...given.keys()]) say(connection)
      for (const [connection, said] of given)
        expect(
          fed
            .filter(chunk => chunk.connection === connection)
            .map(({end, bytes}) => `${end} ${bytes!.length} ${bytes![0]}`),
        ).toEqual(said)
    }),
    {numRuns: 200},
  )
})

test('decides the oldest connections early when more bytes wait than the limit, and counts them', () => {
  const {dispatcher, open, feed} = dispatching()
  const half = limits.recogniseBytes / 2
  const fitting = Math.ceil(limits.undecidedBytes / (half + limits.chunkBytes))
  for (let n = 0; n < fitting + 10; n++) {
    open(n)
    // The first byte of a SOCKS greeting that asks for more than comes.
    feed(n, 0, new Uint8Array(half).fill(5).fill(255, 1, 2))
    dispatcher.copyWaiting()
  }
  expect(dispatcher.hurried).toBeGreaterThan(0)
  expect(dispatcher.hurried).toBeLessThanOrEqual(12)
})

test('a RST before anything is recognised ends nothing if its side goes on, up to resetBytes between', () => {
  const began = (bytesBetween: number) => {
    const {dispatcher, fed, open, feed} = dispatching()
    open(0)
    dispatcher.chunk({connection: 0, end: 1, time: at(0), close: 'rst'})
    feed(0, 0, handshake(limits.clientHandshake))
    if (bytesBetween > 0) feed(0, 0, handshake(bytesBetween))
    dispatcher.copyWaiting()
    dispatcher.chunk({connection: 0, end: 1, time: at(0), bytes: handshake(limits.relayHandshake), resumes: true})
    return fed.map(({end, bytes, close}) => `${end} ${bytes?.length ?? close}`)
  }
  expect(began(0)).toEqual(['0 128', '1 96'])
  expect(began(limits.resetBytes)).toEqual([])
})

test('a connection of which both ends have closed is over when its source says so, after what waits before it', () => {
  const ended: number[] = []
  const dispatcher = new Dispatcher(
    {open() {}, feed() {}, conflict() {}, key() {}, end: connection => ended.push(connection)},
    [],
    new Keyring(),
  )
  const opening = (port: number) =>
    ({
      ends: [
        {ip: '10.0.0.1', port},
        {ip: '10.0.0.2', port: 33445},
      ],
      hasSyn: true,
      time: at(0),
    }) as const
  dispatcher.open(0, opening(40_000))
  dispatcher.open(1, opening(40_001))
  handshakes((connection, end, bytes) => dispatcher.chunk({connection, end, time: at(0), bytes}), 1)
  for (const end of [0, 1] as const) dispatcher.chunk({connection: 1, end, time: at(0), close: 'fin'})
  dispatcher.over(1)
  expect(ended).toEqual([])
  handshakes((connection, end, bytes) => dispatcher.chunk({connection, end, time: at(0), bytes}), 0)
  expect(ended).toEqual([1])
})

test('other bytes of a recognised connection keep their place among its chunks, which wait for another connection', () => {
  const passed: string[] = []
  const dispatcher = new Dispatcher(
    {
      open: (_, {isDisputed}) => passed.push(isDisputed ? 'disputed' : 'open'),
      feed: ({bytes}) => passed.push(`${bytes?.length} bytes`),
      conflict: ({packet}) => passed.push(`conflict of packet ${packet}`),
      key() {},
      end() {},
    },
    [],
    new Keyring(),
  )
  const ends = (port: number) =>
    [
      {ip: '10.0.0.1', port},
      {ip: '10.0.0.2', port: 33445},
    ] as const
  for (const n of [0, 1]) dispatcher.open(n, {ends: ends(40_000 + n), hasSyn: true, time: at(0)})
  const feed = (connection: number, end: End, bytes: Uint8Array) =>
    dispatcher.chunk({connection, end, time: at(0), bytes})
  const conflict = (packet: number) =>
    dispatcher.conflict({connection: 1, end: 0, time: at(0), packet, position: 0, bytes: handshake(5)})
  handshakes(feed, 1)
  conflict(7)
  feed(1, 0, handshake(50))
  conflict(8)
  expect(passed).toEqual([])
  for (const end of [0, 1] as const) dispatcher.chunk({connection: 0, end, time: at(0), close: 'rst'})
  expect(passed).toEqual(['open', '128 bytes', '96 bytes', 'conflict of packet 7', '50 bytes', 'conflict of packet 8'])
  conflict(9)
  expect(passed.at(-1)).toBe('conflict of packet 9')
})

test('pieces wait for other bytes in no more than rivalConnections connections at a time', () => {
  const waiting = new Set<number>()
  const dispatcher = new Dispatcher(
    {
      open: (connection, {mayConflict}) => mayConflict && waiting.add(connection),
      feed() {},
      conflict() {},
      key() {},
      end() {},
    },
    [],
    new Keyring(),
  )
  const begin = (connection: number) => {
    const ends = [
      {ip: '10.0.0.1', port: 40_000 + connection},
      {ip: '10.0.0.2', port: 33445},
    ] as const
    dispatcher.open(connection, {ends, hasSyn: true, time: at(0)})
    handshakes((each, end, bytes) => dispatcher.chunk({connection: each, end, time: at(0), bytes}), connection)
  }
  for (let n = 0; n <= limits.rivalConnections; n++) begin(n)
  expect(waiting.size).toBe(limits.rivalConnections)
  for (const end of [0, 1] as const) dispatcher.chunk({connection: 0, end, time: at(0), close: 'fin'})
  dispatcher.over(0)
  begin(limits.rivalConnections + 1)
  expect(waiting.has(limits.rivalConnections + 1)).toBe(true)
})

test('takes the end that several connections share for the relay, where neither bytes nor ports show it', () => {
  const clients = new Map<number, End>()
  const dispatcher = new Dispatcher(
    {
      open: (connection, {clientEnd}) => clients.set(connection, clientEnd),
      feed() {},
      conflict() {},
      key() {},
      end() {},
    },
    [],
    new Keyring(),
  )
  const random = seeded(1)
  const frame = () => Uint8Array.from([0, 25, ...Array.from({length: 25}, () => random() * 256)])
  const frames = Buffer.concat(Array.from({length: 20}, frame))
  const connections = [0, 1, 2]
  for (const connection of connections) {
    // Of two ports, the lower one would be the relay's.
    const ends = [
      {ip: '10.0.0.2', port: 50_000},
      {ip: '10.0.0.1', port: 40_000 + connection},
    ] as const
    dispatcher.open(connection, {ends, hasSyn: false, time: at(0)})
  }
  for (const connection of connections) {
    for (const end of [0, 1] as const) dispatcher.chunk({connection, end, time: at(1), bytes: frames})
    for (const end of [0, 1] as const) dispatcher.chunk({connection, end, time: at(1), close: 'capture_end'})
  }
  expect([...clients.values()]).toEqual([1, 1, 1])
})

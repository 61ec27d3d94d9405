import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterAll, describe, expect, test} from 'vitest'
import {createOutput} from '../../../src/files/output-file.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import {RelayEnd} from '../../../src/peer/relay-end.js'
import type {ProxyEvent} from '../../../src/proxy/inspection/proxy-event.js'
import {FrameCount} from '../../../src/proxy/intercept/frame-count.js'
import {pipedBytes} from '../../../src/proxy/limits.js'
import {PipedFile} from '../../../src/proxy/recording/piped-file.js'
import {Recorder, type RecorderOptions} from '../../../src/proxy/recording/recorder.js'
import {Recording} from '../../../src/proxy/recording/recording.js'
import {readAgain, recordsIn} from '../../actions/proxy/proxy-run.js'
import {bytesOf, run} from '../../capture/collect.js'
import {begun, bytes, closed, now, relay} from '../events.js'
import {box, random} from '../tox-ends.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-recording-'))
afterAll(() => rmSync(folder, {recursive: true}))

const noise = (length: number) => random(length)
/** Two ends that have met, with their handshakes. */
const met = () => {
  const [keys, relayKeys] = [box.keyPair(random(32)), box.keyPair(random(32))]
  const asking = new ClientEnd(
    box,
    keys.publicKey,
    box.keyPair(random(32)),
    box.sharedKey(relayKeys.publicKey, keys.secretKey),
  )
  const answering = RelayEnd.withSecret(box, relayKeys.secretKey, box.keyPair(random(32)))
  const [clientBaseNonce, relayBaseNonce, clientNonce, relayNonce] = [
    random(24),
    random(24),
    random(24),
    random(24),
  ] as const
  const hello = asking.hello(clientBaseNonce, clientNonce)
  answering.receive(hello)
  const answer = answering.answer(relayBaseNonce, relayNonce)
  asking.receive(answer)
  const sharedKey = asking.sessionSharedKey!
  return {
    asking,
    answering,
    hello,
    answer,
    key: {kind: 'tcp_session', clientNonce, relayNonce, sharedKey, clientBaseNonce, relayBaseNonce} as const,
  }
}

/** A recording, and what it hands on; an inspection without room takes no bytes. */
const recordingTo = (
  path: string,
  {isTox = true, hasRoom = true, ...options}: Partial<RecorderOptions> & {isTox?: boolean; hasRoom?: boolean} = {},
) => {
  const passed: ProxyEvent[] = []
  const failures: unknown[] = []
  const failed = (error: unknown) => failures.push(error)
  const recorder = new Recorder({path, force: false, embedsKeys: true, findsKeysLate: false, failed, ...options}, now())
  const push = (event: ProxyEvent, bytes: number) => {
    if (!hasRoom && bytes > 0) return false
    passed.push(event)
    return true
  }
  const recording = new Recording(recorder, {push, idle: async () => {}}, isTox)
  const pushAll = (...events: readonly ProxyEvent[]) =>
    events.map(event => recording.push(event, event.kind === 'chunk' ? (event.chunk.bytes?.length ?? 0) : 0))
  return {recorder, recording, passed, failures, pushAll}
}

const streamsIn = (path: string) => run(readFileSync(path)).collector.connections.map(({pieces}) => pieces.map(bytesOf))

test('what the inspection has no room for is recorded all the same', () => {
  const path = join(folder, 'full.pcapng')
  const {pushAll, passed} = recordingTo(path, {hasRoom: false})
  const [asked, more] = [noise(128), noise(70_000)]
  expect(pushAll(...begun(0), bytes(0, 0, asked), bytes(0, 0, more))).toEqual([true, true, true, false])
  // What waited was taken; that there was no room for it in the end is told as a gap.
  expect(passed.flatMap(event => (event.kind === 'chunk' ? [event.chunk.gap] : []))).toEqual([128])
  expect(streamsIn(path)).toEqual([[Buffer.concat([asked, more]), Buffer.alloc(0)]])
})

test('what turns out to be no Tox is not recorded, and what is waits until that is known', () => {
  const path = join(folder, 'web.pcapng')
  const {pushAll, passed} = recordingTo(path, {isTox: false})
  const web = Buffer.from('GET / HTTP/1.1\r\n\r\n')
  const {hello, answer} = met()
  pushAll(...begun(0), ...begun(1), bytes(0, 0, web), bytes(1, 0, hello))
  // What is certainly not Tox is handed on at once.
  expect(passed.map(event => (event.kind === 'chunk' ? event.chunk.connection : undefined))).not.toContain(1)
  pushAll(bytes(1, 1, answer), bytes(0, 1, web), bytes(0, 0, web), closed(0), closed(1))
  expect(streamsIn(path)).toEqual([[Buffer.from(hello), Buffer.from(answer)]])
  const packets = passed.flatMap(event =>
    event.kind === 'chunk' ? [`${event.chunk.connection} ${event.chunk.end} ${event.chunk.origin?.packet}`] : [],
  )
  expect(packets.toSorted()).toEqual(['0 0 undefined', '0 0 undefined', '0 1 undefined', '1 0 4', '1 1 6'])
})

test('a client that is gone before it was looked at has no address, and is recorded', () => {
  const path = join(folder, 'gone.pcapng')
  const {pushAll, failures} = recordingTo(path)
  const [opened, connected] = begun(0) as [Extract<ProxyEvent, {kind: 'opened'}>, ProxyEvent]
  pushAll({...opened, client: {ip: '', port: 0}}, connected, bytes(0, 0, noise(128)), closed(0))
  expect(failures).toEqual([])
  expect(run(readFileSync(path)).collector.connections[0]!.opened.ends).toEqual([{ip: '0.0.0.0', port: 0}, relay])
})

test('one that fails says so once, and every event is handed on, once and in order', () => {
  const inner = join(folder, 'removed')
  mkdirSync(inner)
  const {pushAll, passed, failures, recorder} = recordingTo(join(inner, 'a.pcapng'), {
    isTox: false,
    rotation: {bytes: 1},
  })
  rmSync(inner, {recursive: true})
  const {hello, answer} = met()
  const events = [...begun(0), bytes(0, 0, hello), bytes(0, 1, answer), bytes(0, 0, noise(50)), closed(0)]
  expect(pushAll(...events)).toEqual(events.map(() => true))
  expect(passed).toEqual(events)
  expect(failures).toMatchObject([{code: 'ENOENT'}])
  expect(recorder.hasFailed).toBe(true)
})

describe('keys', () => {
  test('that are found late are put before the packets that they open', async () => {
    const path = join(folder, 'late.pcapng')
    const {pushAll, recording, recorder} = recordingTo(path, {findsKeysLate: true})
    const {asking, hello, answer, key} = met()
    const frames = [1, 2, 3].map(() => bytes(0, 0, asking.seal(random(9))))
    pushAll(...begun(0), bytes(0, 0, hello), bytes(0, 1, answer), ...frames)
    expect(recordsIn(await readAgain([path])).filter(({state}) => state === 'open')).toEqual([])
    recording.key(0, key)
    await recorder.close()
    expect(
      recordsIn(await readAgain([path])).filter(({kind, state}) => kind === 'frame' && state === 'open'),
    ).toHaveLength(3)
  })

  test('of a long connection open a file that begins in its middle', async () => {
    const path = join(folder, 'long.pcapng')
    const {pushAll, recording, recorder} = recordingTo(path, {findsKeysLate: true, rotation: {bytes: 600_000}})
    const {asking, answering, hello, answer, key} = met()
    pushAll(...begun(0), bytes(0, 0, hello), bytes(0, 1, answer))
    recording.key(0, key)
    // More frames than nonces are tried.
    for (let i = 0; i < 85; i++)
      pushAll(
        ...[asking, answering].map((end, side) =>
          bytes(0, side as 0 | 1, Buffer.concat(Array.from({length: 1000}, () => end.seal(Uint8Array.of(4))))),
        ),
      )
    await recorder.close()
    const last = readdirSync(folder)
      .filter(name => name.startsWith('long_'))
      .at(-1)!
    const frames = recordsIn(await readAgain([join(folder, last)])).filter(({kind}) => kind === 'frame')
    expect(frames.length).toBeGreaterThan(1000)
    expect(frames.filter(({state}) => state !== 'open')).toEqual([])
    expect(frames.length).toBeLessThan(2 * (85_000 - 65_536))
  }, 120_000)
})

test('frames are counted however they are cut', () => {
  const frames = fc.array(fc.nat(300), {maxLength: 20})
  fc.assert(
    fc.property(frames, fc.nat(200), fc.array(fc.nat(1000)), (lengths, skip, cuts) => {
      const stream = Buffer.concat([
        Buffer.alloc(skip, 1),
        ...lengths.map(length => Buffer.concat([Uint8Array.of(length >> 8, length & 255), Buffer.alloc(length, 7)])),
      ])
      const count = new FrameCount(skip)
      let at = 0
      for (const cut of [...cuts.toSorted((a, b) => a - b), stream.length]) {
        if (cut > at) count.add(stream.subarray(at, cut))
        at = Math.max(at, cut)
      }
      expect(count.frames).toBe(lengths.filter(length => length > 0).length)
    }),
  )
})

test('a pipe that nobody reads takes what there is room for, and then throws', async () => {
  const path = join(folder, 'pipe')
  expect(spawnSync('mkfifo', [path]).status).toBe(0)
  const file = new PipedFile(path, createOutput(path, false).descriptor)
  const piece = new Uint8Array(1 << 20)
  for (let i = 0; i < pipedBytes / piece.length; i++) file.append(piece)
  expect(() => file.append(piece)).toThrow(`nobody reads the named pipe ${path}`)
  await file.close()
})

describe('a file that begins in the middle of connections', () => {
  /** Files of a recording in which each chunk begins a new one. */
  const filesOf = (name: string, isTox: boolean, ...events: readonly ProxyEvent[]) => {
    const {pushAll} = recordingTo(join(folder, `${name}.pcapng`), {isTox, embedsKeys: false, rotation: {bytes: 1}})
    pushAll(...events)
    const all = readdirSync(folder).filter(file => file.startsWith(`${name}_`))
    return all.toSorted().map(file => join(folder, file))
  }
  const shown = async (file: string) =>
    recordsIn(await readAgain([file]))
      .filter(({kind}) => kind === 'frame' || kind === 'handshake')
      .map(({client: from, relay: to, from: sender, kind, length}) => `${from} ${to} ${sender} ${kind} ${length}`)

  test('tells which end is the relay, and where frames begin, by itself', async () => {
    const {asking, answering, hello, answer} = met()
    // By their lengths these frames would be the other end's: of a RouteResponse, and of a RouteRequest.
    const [fromClient, fromRelay] = [() => asking.seal(random(34)), () => answering.seal(random(33))]
    const files = filesOf(
      'sides',
      true,
      ...begun(7),
      bytes(7, 0, hello),
      bytes(7, 1, answer),
      ...[fromRelay, fromClient, fromRelay].map((frame, i) => bytes(7, i % 2 === 0 ? 1 : 0, frame())),
      bytes(7, 1, Buffer.concat([1, 2, 3, 4].map(fromRelay))),
      bytes(7, 0, Buffer.concat([1, 2, 3, 4].map(fromClient))),
      bytes(7, 1, answering.seal(random(1382))),
    )
    const ends = '127.0.0.1:40007 127.0.0.1:33445'
    expect(await Promise.all(files.map(shown))).toEqual([
      [],
      [`${ends} client handshake 128`],
      [`${ends} relay handshake 96`],
      [`${ends} relay frame 51`],
      [`${ends} client frame 52`],
      [`${ends} relay frame 51`],
      Array(4).fill(`${ends} relay frame 51`),
      Array(4).fill(`${ends} client frame 52`),
      [`${ends} relay frame 1400`],
    ])
  })
})

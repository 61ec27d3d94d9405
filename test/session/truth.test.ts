import {describe, expect, test} from 'vitest'
import {KeyLogReader} from '../../src/crypto/keylog.js'
import type {Keyring} from '../../src/crypto/keyring/keyring.js'
import {messageOf, severityOf} from '../../src/expert/finding.js'
import {rawHalves} from '../../src/library/stream-source.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import {bytesOf, recordsOf, ringOf, ringOfLog, secretKey} from './recorded.js'
import {
  bothSides,
  bytesChunk,
  type CaptureName,
  captureNames,
  captures,
  halvesOf,
  invented,
  isOpenFrame,
  keysOf,
  logOf,
  opened,
  read,
  ringOfSecrets,
  ringOfSessions,
  type TrueFrame,
  truthOf,
} from './streams.js'

/** One connection as the `stream` command reads its two halves. */
function stream(name: CaptureName, session: number, keyring: Keyring): SessionRecord[] {
  const {setup, chunks} = rawHalves(['client', 'relay'], halvesOf(name, session), keyring, false, true)
  return recordsOf(keyring, setup, chunks)
}

const sessionsOf = (name: CaptureName): number[] => Array.from({length: captures[name]}, (_, session) => session)
const ofSession = (truth: readonly TrueFrame[], session: number): TrueFrame[] =>
  truth.filter(each => each.session === session)
const errorsOf = (records: readonly SessionRecord[]): string[] =>
  records.flatMap(({findings}) =>
    findings.filter(found => severityOf(found) === 'error').map(found => `${found.code}: ${messageOf(found)}`),
  )
const codesOf = (records: readonly SessionRecord[]): Set<string> =>
  new Set(records.flatMap(({findings}) => findings.map(({code}) => code)))

describe('every frame of every stream opens to its true plaintext', () => {
  test.each([
    ['session lines of a key log', ringOfSessions],
    ["secret keys of the relay and of the sessions' ends", ringOfSecrets],
  ] as const)('with %s', (what, ringFor) => {
    let [good, all] = [0, 0]
    for (const name of captureNames) {
      const keyring = ringFor(name)
      const truth = truthOf(name)
      for (const session of sessionsOf(name)) {
        const records = stream(name, session, keyring)
        const frames = ofSession(truth, session)
        expect(opened(records, frames), `${name} ${session}`).toBe(frames.length)
        expect(invented(records, frames), `${name} ${session}`).toEqual([])
        good += frames.length
      }
      all += truth.length
    }
    console.log(`${good} of ${all} frames open with ${what}`)
    expect(good).toBe(all)
    expect(all).toBe(4121)
  })
})

test.each(['two_clients', 'small'] as const)('real clients do nothing on which c-toxcore closes: %s', name => {
  const keyring = ringOfSessions(name)
  for (const session of sessionsOf(name)) expect(errorsOf(stream(name, session, keyring))).toEqual([])
})

describe('streams that begin in the middle', () => {
  const frames = truthOf('small')
  test.each([300, 1000, 1001, 5555, 9000])('%i bytes of both sides are missing, a session line is known', missing => {
    for (const session of sessionsOf('small')) {
      const truth = ofSession(frames, session)
      const [client, relay] = halvesOf('small', session)
      const records = read(
        ringOfSessions('small'),
        [bytesChunk(0, client.subarray(missing)), bytesChunk(1, relay.subarray(missing))],
        ['middle', 'middle'],
      )
      const whole = truth.filter(({stream_offset}) => stream_offset >= missing)
      expect(opened(records, truth)).toBe(whole.length)
      expect(invented(records, truth)).toEqual([])
      expect(errorsOf(records)).toEqual([])
    }
  })

  test('without keys the frames stand in their places, sealed', () => {
    const [client, relay] = halvesOf('small', 0)
    const truth = ofSession(frames, 0)
    const records = read(
      ringOf([]),
      [bytesChunk(0, client.subarray(1000)), bytesChunk(1, relay.subarray(1000))],
      ['middle', 'middle'],
    )
    const sealed = records.filter(({kind, state}) => kind === 'frame' && state === 'sealed')
    expect(sealed.length).toBe(truth.filter(({stream_offset}) => stream_offset >= 1000).length)
    expect(sealed.every(({index}) => index === null)).toBe(true)
  })

  test('one side from its handshake on, the other from the middle', () => {
    const [client, relay] = halvesOf('small', 1)
    const truth = ofSession(frames, 1)
    const records = read(
      ringOfSessions('small'),
      [bytesChunk(0, client), bytesChunk(1, relay.subarray(4000))],
      [{handshake: 128}, 'middle'],
    )
    const whole = truth.filter(({direction, stream_offset}) => direction === 'c2s' || stream_offset >= 4000)
    expect(opened(records, truth)).toBe(whole.length)
  })
})

describe('gaps', () => {
  const truth = ofSession(truthOf('small'), 0)
  const [client, relay] = halvesOf('small', 0)
  const frames = truth.filter(({direction}) => direction === 'c2s')

  test.each([
    ['a whole frame', 10, 11, 0, 0],
    ['several whole frames', 10, 17, 0, 0],
    ['the middle of a frame', 10, 10, 5, 40],
    ['the length of a frame', 10, 10, 0, 2],
    ['half of one frame and half of the next', 10, 11, 30, 20],
  ])('in %s', (_, first, last, into, until) => {
    const start = frames[first]!.stream_offset + into
    const end = frames[last]!.stream_offset + until
    const chunks = [
      bytesChunk(0, client.subarray(0, 128)),
      bytesChunk(1, relay),
      bytesChunk(0, client.subarray(128, start)),
      {connection: 0, end: 0, time: null, gap: end - start} as const,
      bytesChunk(0, client.subarray(end)),
    ]
    for (const keyring of [ringOfSessions('small'), ringOfSecrets('small')]) {
      const records = read(keyring, chunks)
      const isHit = ({stream_offset}: TrueFrame, index: number) =>
        stream_offset < end && (frames[index + 1]?.stream_offset ?? client.length) > start
      const lost = frames.filter(isHit).length
      expect(opened(records, truth)).toBe(truth.length - lost)
      expect(invented(records, truth)).toEqual([])
      expect(errorsOf(records)).toEqual([])
      expect(records.filter(({kind}) => kind === 'gap').length).toBeGreaterThan(0)
    }
  })

  test('over the handshake: frames behind it open by a session line alone', () => {
    const chunks = [
      {connection: 0, end: 0, time: null, gap: 128} as const,
      bytesChunk(1, relay),
      bytesChunk(0, client.subarray(128)),
    ]
    expect(opened(read(ringOfSessions('small'), chunks), truth)).toBe(truth.length)
  })

  test('before the last whole frame, with another one cut off behind it', () => {
    const [last, cut] = [frames.at(-2)!.stream_offset, frames.at(-1)!.stream_offset + 12]
    const start = frames[10]!.stream_offset + 7
    const chunks = [
      bytesChunk(0, client.subarray(0, 128)),
      bytesChunk(1, relay),
      bytesChunk(0, client.subarray(128, start)),
      {connection: 0, end: 0, time: null, gap: last - 3 - start} as const,
      bytesChunk(0, client.subarray(last - 3, cut)),
    ]
    const records = read(ringOfSessions('small'), chunks)
    expect(records.filter(record => isOpenFrame(record) && record.from === 'client').at(-1)?.index).toBe(
      frames.at(-2)!.seq,
    )
    expect(codesOf(records).has('frame-cut-off')).toBe(true)
  })

  test.each([
    ['the handshake', 80, 96],
    ['the middle of a frame', 300, 310],
  ])('in %s of the relay, after a reset by the client: the frames after it open', (_, start, end) => {
    const chunks = [
      bytesChunk(0, client),
      bytesChunk(1, relay.subarray(0, start)),
      {connection: 0, end: 0, time: null, close: 'rst'} as const,
      {connection: 0, end: 1, time: null, gap: end - start} as const,
      bytesChunk(1, relay.subarray(end)),
    ]
    const lost = truth.filter(
      ({direction, stream_offset, frame_len}) =>
        direction === 's2c' && stream_offset < end && stream_offset + frame_len > start,
    )
    expect(opened(read(ringOfSessions('small'), chunks), truth)).toBe(truth.length - lost.length)
  })

  test('at the end of a side', () => {
    const chunks = [...bothSides([client, relay]), {connection: 0, end: 0, time: null, gap: 1000} as const]
    expect(opened(read(ringOfSessions('small'), chunks), truth)).toBe(truth.length)
  })
})

describe('one side alone', () => {
  const empty = new Uint8Array()
  const readHalves = (halves: [Uint8Array, Uint8Array], keyring: Keyring): SessionRecord[] => {
    const {setup, chunks} = rawHalves(['client', 'relay'], halves, keyring, false, false)
    return recordsOf(keyring, setup, chunks)
  }

  test.each(['two_clients', 'small'] as const)('raises nothing that rests on what the other side said: %s', name => {
    const truth = truthOf(name)
    for (const session of sessionsOf(name)) {
      const [client, relay] = halvesOf(name, session)
      const ofClient = ofSession(truth, session).filter(({direction}) => direction === 'c2s')
      const ofRelay = ofSession(truth, session).filter(({direction}) => direction === 's2c')
      const fromClient = readHalves([client, empty], ringOfSessions(name))
      const fromRelay = readHalves([empty, relay], ringOfSessions(name))
      expect(opened(fromClient, ofClient)).toBe(ofClient.length)
      expect(opened(fromRelay, ofRelay)).toBe(ofRelay.length)
      for (const code of codesOf([...fromClient, ...fromRelay]))
        expect(['crypto-data-full', 'handshake-sealed']).toContain(code)
    }
  })

  test('with keys of another run: no word of a handshake that the relay refused', () => {
    const records = readHalves([halvesOf('small', 0)[0], empty], ringOfSecrets('two_clients'))
    expect(codesOf(records)).toEqual(new Set(['handshake-sealed', 'frame-sealed']))
  })
})

describe('frames that a side repeats, loses or damages', () => {
  const truth = ofSession(truthOf('small'), 0)
  const [client, relay] = halvesOf('small', 0)
  const frames = truth.filter(({direction}) => direction === 'c2s')
  const at = (index: number): number => frames[index]!.stream_offset
  const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
  const found = (changed: Uint8Array) => read(ringOfSessions('small'), bothSides([changed, relay]))

  test('a repeated frame is told, and the rest opens', () => {
    const records = found(joined(client.subarray(0, at(6)), client.subarray(at(5), at(6)), client.subarray(at(6))))
    expect(opened(records, truth)).toBe(truth.length)
    expect(records.filter(({findings}) => findings.some(({code}) => code === 'frame-repeated')).length).toBe(1)
    expect(codesOf(records).has('frames-lost')).toBe(false)
    expect(codesOf(records).has('frame-mac')).toBe(false)
  })

  test('lost frames are counted, and the rest opens', () => {
    const records = found(joined(client.subarray(0, at(5)), client.subarray(at(8))))
    expect(opened(records, truth)).toBe(truth.length - 3)
    const told = records.flatMap(({findings}) => findings).find(({code}) => code === 'frames-lost')
    expect(told?.data).toMatchObject({index: 5, found: 8, lost: 3})
  })

  test('one damaged frame fails alone', () => {
    const damaged = client.slice()
    damaged[at(5) + 40]! ^= 1
    const records = found(damaged)
    expect(opened(records, truth)).toBe(truth.length - 1)
    expect(records.filter(({state}) => state === 'failed').length).toBe(1)
    expect(codesOf(records).has('frame-mac')).toBe(true)
  })

  test('a damaged length leaves the side sealed after a bounded search, the other side opens', () => {
    const damaged = client.slice()
    damaged[at(5) + 1]! ^= 0x40
    const records = found(damaged)
    const relayFrames = truth.filter(({direction}) => direction === 's2c').length
    expect(opened(records, truth)).toBeGreaterThanOrEqual(relayFrames + 5)
    expect(invented(records, truth)).toEqual([])
  })
})

describe('keys', () => {
  const truth = ofSession(truthOf('small'), 0)
  const halves = halvesOf('small', 0)

  test('of another run open nothing', () => {
    for (const keyring of [ringOfSessions('two_clients'), ringOfSecrets('two_clients'), ringOf([])]) {
      const records = read(keyring, bothSides(halves))
      expect(records.filter(isOpenFrame)).toEqual([])
      expect(records.filter(({kind}) => kind === 'frame').length).toBe(truth.length)
      expect(errorsOf(records)).toEqual([])
    }
  })

  test('of the long term open handshakes only, and the frames say which keys would help', () => {
    const {relays} = keysOf('small')
    const records = read(ringOf(Object.values(relays).map(({sk}) => secretKey(sk))), bothSides(halves))
    expect(records.filter(({kind, state}) => kind === 'handshake' && state === 'open').length).toBe(2)
    expect(records.filter(isOpenFrame)).toEqual([])
    const {client_session_pk, server_session_pk} = keysOf('small').sessions[0] as unknown as Record<string, string>
    const message = messageOf(records.find(({kind}) => kind === 'frame')!.findings[0]!)
    expect(message).toContain(client_session_pk)
    expect(message).toContain(server_session_pk)
  })

  test('that are a bare shared key open the frames once the base nonces are known', () => {
    const {relays, sessions} = keysOf('small')
    const items = [
      ...Object.values(relays).map(({sk}) => secretKey(sk)),
      {kind: 'shared_key', sharedKey: bytesOf(sessions[0]!.session_shared_key!)} as const,
    ]
    expect(opened(read(ringOf(items), bothSides(halves)), truth)).toBe(truth.length)
  })

  test('that are a session line found by either handshake nonce', () => {
    const {session_shared_key, client_handshake_nonce, server_handshake_nonce, c2s_base_nonce, s2c_base_nonce} =
      keysOf('small').sessions[0]!
    for (const nonces of [
      [client_handshake_nonce, '-'],
      ['-', server_handshake_nonce],
      ['-', '-'],
    ]) {
      const line = ['TOX_TCP_SESSION', ...nonces, session_shared_key, c2s_base_nonce, s2c_base_nonce].join(' ')
      expect(opened(read(ringOfLog(line), bothSides(halves)), truth), line).toBe(truth.length)
    }
  })

  test('that come while the connection runs open what follows', () => {
    const keyring = ringOf([])
    const records: SessionRecord[] = []
    const session = new Session(keyring, record => records.push(record))
    session.open(0, {clientEnd: 0, ends: {client: null, relay: null}, hasSegments: false, hasOrder: false}, null)
    const [client, relay] = halves
    const frames = truth.filter(({direction}) => direction === 'c2s')
    const half = frames[20]!.stream_offset
    for (const chunk of [
      bytesChunk(0, client.subarray(0, 128)),
      bytesChunk(1, relay.subarray(0, 96)),
      bytesChunk(0, client.subarray(128, half)),
    ])
      session.feed(chunk)
    expect(records.filter(isOpenFrame)).toEqual([])
    const before = keyring.version
    const log = new KeyLogReader('growing')
    for (const item of log.push(logOf('small'))) keyring.add(item, 'growing')
    expect(keyring.version).toBeGreaterThan(before)
    session.feed(bytesChunk(0, client.subarray(half)))
    session.feed(bytesChunk(1, relay.subarray(96)))
    session.end()
    expect(opened(records, truth)).toBe(truth.length - 20)
    expect(invented(records, truth)).toEqual([])
    expect(errorsOf(records)).toEqual([])
  })
})

import {describe, expect, test} from 'vitest'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {offsetNonce} from '../../src/crypto/nonce.js'
import {messageOf} from '../../src/expert/finding.js'
import type {RuleCode} from '../../src/expert/rules.js'
import {connect, data, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {keysOf, type PlayKeys} from './keys.js'
import {framed, type MistakeCode, type MistakenEnds, mistakenEnds} from './mistakes.js'
import {type Play, play} from './play.js'

const keys: PlayKeys = keysOf(1)
const secrets = keys.session(0)
const secretOf = (secretKey: Uint8Array): KeyItem => ({kind: 'secret_key', publicKey: null, secretKey})
const relayKey = secretOf(keys.relay.secretKey)

/** What the user may know of a connection: each is enough to open all frames of two mistaken ends. */
const knowledge: Readonly<Record<string, (ends: MistakenEnds) => KeyItem[]>> = {
  "the relay's key and a session key": () => [relayKey, secretOf(secrets.client.secretKey)],
  "the client's key and a session key": () => [
    secretOf(keys.client.secretKey),
    {kind: 'relay_key', publicKey: keys.relay.publicKey},
    secretOf(secrets.relay.secretKey),
  ],
  "the relay's key and a key log": ({key}) => [relayKey, logLine(key, secrets.clientBase, secrets.relayBase)],
  "the relay's key and a key log with the nonces exchanged": ({key}) => [
    relayKey,
    logLine(key, secrets.relayBase, secrets.clientBase),
  ],
}

function logLine(sharedKey: Uint8Array, clientBaseNonce: Uint8Array, relayBaseNonce: Uint8Array): KeyItem {
  const {clientNonce, relayNonce} = secrets
  return {kind: 'tcp_session', clientNonce, relayNonce, sharedKey, clientBaseNonce, relayBaseNonce}
}

const mistakes: readonly MistakeCode[] = [
  'frame-nonce-of-other-end',
  'frame-nonce-little-endian',
  'frame-nonce-of-handshake',
  'frame-mac-behind',
  'frame-key-long-term',
  'frame-length-counts-itself',
  'handshake-fields-exchanged',
]

const packets = 6
const plainOf = (index: number): Uint8Array =>
  index % 2 === 0 ? ping(index + 1) : data(16, new Uint8Array(40 + index))

describe.each(mistakes)('%s', mistake => {
  test.each(Object.keys(knowledge))('is named once for each side, and all frames open, with %s', known => {
    const ends = mistakenEnds(keys, secrets, mistake)
    const p = play(keys, {greets: false, know: knowledge[known]!(ends)})
    p.clientWire(ends.clientHandshake).relayWire(ends.relayHandshake)
    for (let index = 0; index < packets; index++)
      p.clientWire(ends.frame('client', index, plainOf(index))).relayWire(ends.frame('relay', index, plainOf(index)))
    p.stop()
    const frames = p.records.filter(({kind}) => kind === 'frame')
    expect(frames.map(({state}) => state)).toEqual(Array.from({length: 2 * packets}, () => 'open'))
    for (const from of ['client', 'relay'] as const) {
      const own = frames.filter(record => record.from === from)
      expect(own.map(({window}) => window && Buffer.from(window.bytes.subarray(window.start, window.end)))).toEqual(
        own.map((_, index) => Buffer.from(plainOf(index))),
      )
      expect(own.map(({index}) => index)).toEqual(own.map((_, index) => index))
      const named = own.flatMap(({findings}) => findings.map(({code}) => code)).filter(code => code === mistake)
      expect(named).toEqual([mistake])
    }
    const codes = new Set<RuleCode>(p.records.flatMap(({findings}) => findings.map(({code}) => code)))
    for (const code of ['frame-mac', 'frame-cut-off', 'frame-sealed', 'key-does-not-fit', 'frame-empty'] as const)
      expect(codes).not.toContain(code)
  })
})

test.each(mistakes)('%s: one frame of the client alone is enough', mistake => {
  if (mistake === 'frame-nonce-little-endian') return
  const ends = mistakenEnds(keys, secrets, mistake)
  const p = play(keys, {greets: false, know: knowledge["the relay's key and a session key"]!(ends)})
  p.clientWire(ends.clientHandshake).relayWire(ends.relayHandshake)
  p.clientWire(ends.frame('client', 0, ping(1)))
    .close('relay', 'rst')
    .stop()
  const frame = p.records.find(({kind}) => kind === 'frame')!
  expect(frame.window?.type.name).toBe('ping_request')
  expect(frame.findings.map(({code}) => code)).toContain(mistake)
})

/** What an end that makes no mistake sends. */
function sealedRight(from: 'client' | 'relay', index: number, plain: Uint8Array): Uint8Array {
  const right = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
  const usual = {client: secrets.clientBase, relay: secrets.relayBase}
  return keys.box.seal(plain, offsetNonce(usual[from], index, new Uint8Array(24)), right)
}

test.each(['client', 'relay'] as const)('a %s that alone seals with a long-term key is accused alone', mistaken => {
  const ends = mistakenEnds(keys, secrets, 'frame-key-long-term')
  const frame = (from: 'client' | 'relay', index: number): Uint8Array => {
    if (from === mistaken) return ends.frame(from, index, plainOf(index))
    const sealed = sealedRight(from, index, plainOf(index))
    return framed(sealed.length, sealed)
  }
  const p = play(keys, {greets: false, know: knowledge["the relay's key and a session key"]!(ends)})
  p.clientWire(ends.clientHandshake).relayWire(ends.relayHandshake)
  for (let index = 0; index < packets; index++) p.clientWire(frame('client', index)).relayWire(frame('relay', index))
  p.stop()
  const frames = p.records.filter(({kind}) => kind === 'frame')
  expect(frames.map(({state}) => state)).toEqual(Array.from({length: 2 * packets}, () => 'open'))
  const accused = frames.filter(({findings}) => findings.some(({code}) => code === 'frame-key-long-term'))
  expect(accused.map(({from, index}) => [from, index])).toEqual([[mistaken, 0]])
})

test.each(['client', 'relay'] as const)('a %s that alone exchanges key and nonce is accused alone', mistaken => {
  const ends = mistakenEnds(keys, secrets, 'handshake-fields-exchanged')
  const p = play(keys, {greets: false, know: knowledge["the relay's key and a session key"]!(ends)})
  if (mistaken === 'client') p.clientWire(ends.clientHandshake).relayHandshake(keys)
  else p.clientHandshake(keys).relayWire(ends.relayHandshake)
  for (let index = 0; index < packets; index++)
    p.clientWire(ends.frame('client', index, plainOf(index))).relayWire(ends.frame('relay', index, plainOf(index)))
  p.stop()
  const frames = p.records.filter(({kind}) => kind === 'frame')
  expect(frames.map(({state}) => state)).toEqual(Array.from({length: 2 * packets}, () => 'open'))
  const accused = frames.filter(({findings}) => findings.some(({code}) => code === 'handshake-fields-exchanged'))
  expect(accused.map(({from, index}) => [from, index])).toEqual([[mistaken, 0]])
})

/** Lengths that a client may write by mistake, from the right one. */
const wrongLengths: Readonly<Record<string, (length: number) => number>> = {
  'counts itself': length => length + 2,
  'is one too many': length => length + 1,
  'is many too many': length => length + 300,
  'is one too few': length => length - 1,
  'leaves out the MAC': length => length - 16,
  'is little-endian': length => ((length & 255) << 8) | (length >> 8),
}

test.each(Object.keys(wrongLengths))('a relay that answers a client whose length %s is not accused', wrong => {
  const p = play(keys, {
    know: knowledge["the relay's key and a session key"]!(mistakenEnds(keys, secrets, mistakes[0]!)),
  })
  const peer = new Uint8Array(32).fill(7)
  const spoken: readonly (readonly [Uint8Array, Uint8Array])[] = [
    [ping(1), pong(1)],
    [route(peer), routed(16, peer)],
    [ping(2), pong(2)],
    [data(16, new Uint8Array(40)), connect(16)],
    [ping(3), pong(3)],
  ]
  for (const [index, [asked, answered]] of spoken.entries()) {
    const [own, right] = [sealedRight('client', index, asked), sealedRight('relay', index, answered)]
    p.clientWire(framed(wrongLengths[wrong]!(own.length), own)).relayWire(framed(right.length, right))
  }
  p.stop()
  const ofRelay = p.records.filter(({from, kind}) => from === 'relay' && kind === 'frame')
  expect(ofRelay.map(({state}) => state)).toEqual(spoken.map(() => 'open'))
  expect(ofRelay.flatMap(({findings}) => findings.map(({code}) => code))).toEqual([])
})

test.each([1, 2, 3, 7, 64])('frames whose length counts itself are cut right in pieces of %i bytes', size => {
  const ends = mistakenEnds(keys, secrets, 'frame-length-counts-itself')
  const p = play(keys, {greets: false, know: knowledge["the relay's key and a session key"]!(ends)})
  p.clientWire(ends.clientHandshake).relayWire(ends.relayHandshake)
  const stream = Buffer.concat([0, 1, 2, 3].map(index => ends.frame('client', index, plainOf(index))))
  for (let at = 0; at < stream.length; at += size) p.clientWire(stream.subarray(at, at + size))
  p.stop()
  const frames = p.records.filter(({kind}) => kind === 'frame')
  expect(frames.map(({state, length}) => [state, length])).toEqual(
    [0, 1, 2, 3].map(index => ['open', 18 + plainOf(index).length]),
  )
})

test('a key log that contradicts the handshakes opens what it opens alone, and accuses nobody', () => {
  const key = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
  const logs = [
    logLine(key, secrets.clientBase, secrets.relayBase),
    logLine(key, secrets.relayBase, secrets.clientBase),
    logLine(key, new Uint8Array(24), new Uint8Array(24)),
  ]
  for (const log of logs) {
    const p = play(keys, {know: [relayKey, log]})
    p.client(ping(1)).expect('ping_request').relay(pong(1)).expect('pong_response').end()
  }
})

test('a key log alone whose nonces are exchanged opens both sides, with a note on each', () => {
  const key = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
  const p = play(keys, {greets: false, know: [logLine(key, secrets.relayBase, secrets.clientBase)]})
  p.clientHandshake(keys).expect('client_handshake', 'handshake-sealed')
  p.relayHandshake(keys).expect('relay_handshake', 'handshake-sealed')
  p.client(ping(1)).expect('ping_request', 'key-log-nonces-exchanged')
  p.relay(pong(1)).expect('pong_response', 'key-log-nonces-exchanged')
  p.client(ping(2)).expect('ping_request').end()
})

test('a key log with another key is the fault of the log where both ends go on, and is said once', () => {
  const p = play(keys, {know: [relayKey, logLine(new Uint8Array(32).fill(1), secrets.clientBase, secrets.relayBase)]})
  p.client(ping(1)).expect('frame', 'key-does-not-fit')
  p.relay(pong(1)).expect('frame', 'frame-mac-again')
  p.client(ping(2)).expect('frame', 'frame-mac-again')
  p.relay(pong(2)).expect('frame', 'frame-mac-again')
  p.close('relay', 'fin').expect('end').end()
})

const otherSender = {client: 'relay', relay: 'client'} as const

/** A first frame that a line of a key log does not open, whichever of both is at fault. */
const doubtful: Readonly<Record<string, (from: 'client' | 'relay') => Play>> = {
  'where the frame is wrong': from => {
    const key = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
    const p = play(keys, {know: [relayKey, logLine(key, secrets.clientBase, secrets.relayBase)]})
    const wrong = framed(40, new Uint8Array(40))
    return from === 'client' ? p.clientWire(wrong) : p.relayWire(wrong)
  },
  'where the log is wrong': from => {
    const p = play(keys, {know: [relayKey, logLine(new Uint8Array(32).fill(1), secrets.clientBase, secrets.relayBase)]})
    return from === 'client' ? p.client(ping(1)) : p.relay(ping(1))
  },
}

describe.each(Object.keys(doubtful))('a close right after a first frame that a key log does not open, %s,', which => {
  test.each(['client', 'relay'] as const)('accuses nobody, and names both: from the %s', from => {
    const {records} = doubtful[which]!(from).close(otherSender[from], 'rst').stop()
    const frame = records.find(({kind}) => kind === 'frame')!
    const end = records.at(-1)!
    expect(records.flatMap(({findings}) => findings.map(({code}) => code))).toEqual(['key-does-not-fit'])
    expect(end.causes).toMatchObject([{number: frame.number, receivers: [], secondsBefore: 0}])
    expect(end.causes.map(({finding}) => messageOf(finding))).toEqual([
      `the ${otherSender[from]} closes after frame 0 of the ${from}, which does not open with the key that was ` +
        'given: the frame is wrong, or the key is and the close has another reason',
    ])
  })
})

test('an end that answers a frame which a key log does not open, and is left later, names no frame', () => {
  const log = logLine(new Uint8Array(32).fill(1), secrets.clientBase, secrets.relayBase)
  const p = play(keys, {know: [relayKey, log]})
    .client(ping(1))
    .relay(pong(1))
    .close('client', 'fin')
    .stop()
  expect(p.records.at(-1)!.causes).toEqual([])
})

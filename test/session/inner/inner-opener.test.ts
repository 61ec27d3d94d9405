import {describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {messageOf, severityOf} from '../../../src/expert/finding.js'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {levelsOf} from '../../../src/protocol/levels.js'
import {isPacket} from '../../../src/protocol/table.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {fieldOf, type Window} from '../../../src/wire/window.js'
import {amount, amountOf} from '../../amount.js'
import {bytesOf, fixture, fixtureText, hexOf} from '../recorded.js'
import {boxCounts, deepCaptures, deepPackets, type Outcome, openBoxes, outcomesOf, type TruePacket} from './deep.js'

const box = await loadSodium()

const hexField = (window: Window, name: string): string => hexOf(fieldOf(window, name) as Uint8Array)

const innerKeys = (name: string): string => fixtureText(`captures/${name}/inner.keylog`)

/** The opened frames of a capture, by connection, sender and nonce offset. */
async function framesOf(name: string, keys: string, threads: number): Promise<Map<string, SessionRecord>> {
  const sessions = fixtureText(`captures/${name}/sessions.keylog`)
  const frames = new Map<string, SessionRecord>()
  const keylog = new TextEncoder().encode(`${sessions}\n${keys}`)
  for await (const {source} of openCapture(fixture(`captures/${name}/capture.pcap`), {keylog, threads}))
    if (source.kind === 'frame') frames.set(`${source.connection} ${source.from} ${source.index}`, source)
  return frames
}

const plaintextsOf = (record: SessionRecord | undefined): string[] =>
  (record?.opened ?? []).map(({bytes, start, end}) => hexOf(bytes, start, end))

describe('boxes inside the packets of real captures', () => {
  test.each(amountOf([0, 2, 1], 2))('open to their true plaintext, each of them, with %i threads', async threads => {
    const outcomes: Outcome[] = []
    for (const name of deepCaptures) {
      const frames = await framesOf(name, innerKeys(name), threads)
      outcomes.push(...outcomesOf(name, place => plaintextsOf(frames.get(place))))
    }
    expect(openBoxes(outcomes)).toEqual(boxCounts)
    expect(outcomes.length).toBe(9234)
  })
})

/** Lines that name the same keys as a line of a key log, with secrets that are not theirs. */
function contradicting(line: string, at: number): string[] {
  const [label, first, second] = line.split(' ')
  const wrong = (at % 251).toString(16).padStart(2, '0').repeat(32)
  if (label === 'TOX_SECRET_KEY') return [`${label} ${first} ${wrong}`]
  return [`${label} ${first} ${second} ${wrong}`, `${label} ${second} ${first} ${wrong}`]
}

test('boxes open whatever the order of the key log, with each line twice and lines that contradict it before it', async () => {
  const outcomes: Outcome[] = []
  for (const name of deepCaptures) {
    const lines = linesOf(name).toReversed()
    const mixed = lines.flatMap((line, at) => [...contradicting(line, at), line, line])
    const frames = await framesOf(name, mixed.join('\n'), 0)
    outcomes.push(...outcomesOf(name, place => plaintextsOf(frames.get(place))))
  }
  expect(openBoxes(outcomes)).toEqual(boxCounts)
})

const severe = (frames: Map<string, SessionRecord>): number =>
  [...frames.values()].flatMap(({findings}) => findings).filter(found => severityOf(found) === 'error').length

const linesOf = (name: string): string[] =>
  innerKeys(name)
    .split('\n')
    .filter(line => line.startsWith('TOX_'))

const publicKeysIn = (line: string): string[] => {
  const [label, ...words] = line.split(' ')
  return words.slice(0, label === 'TOX_SECRET_KEY' ? 1 : 2).filter(word => word !== '-')
}

/** Shared keys, in hex, that lines of a key log give, alone or with a public key of `all`. */
function sharedKeysOf(lines: readonly string[], all: readonly string[]): ReadonlySet<string> {
  const words = lines.map(line => line.split(' '))
  const logged = words.filter(([label]) => label === 'TOX_SHARED_KEY').map(([, , , key]) => key!)
  const secrets = words.filter(([label]) => label === 'TOX_SECRET_KEY').map(([, , secret]) => bytesOf(secret!))
  const publicKeys = [...new Set(all.flatMap(publicKeysIn))].map(bytesOf)
  const made = secrets.flatMap(secret => publicKeys.map(key => hexOf(box.sharedKey(key, secret))))
  return new Set([...logged, ...made])
}

/** How many boxes of each packet open with these shared keys, by its place. */
function openDepths(packets: readonly TruePacket[], keys: ReadonlySet<string>): ReadonlyMap<string, number> {
  // Data opens with the base nonce of its sender, which that one's handshake holds.
  const handshakes = packets.flatMap(({boxes}) => boxes.filter(({kind}) => kind === 'crypto_handshake box'))
  const hasNonces = handshakes.every(({key}) => keys.has(key))
  const opens = ({kind, key}: TruePacket['boxes'][number]): boolean =>
    keys.has(key) && (kind !== 'crypto_data box' || hasNonces)
  return new Map(
    packets.map(({place, boxes}) => {
      const sealed = boxes.findIndex(each => !opens(each))
      return [place, sealed < 0 ? boxes.length : sealed]
    }),
  )
}

/** Packets with a box that stays sealed, over all keys. What a secret key opens has a shared key in the log, too. */
const sealedBoxes = {TOX_SECRET_KEY: 0, TOX_SHARED_KEY: amount(230, 59)} as const

/** Lines whose keys open some kind of box: all of them, or every twelfth of each kind. */
function spread(lines: readonly string[], packets: readonly TruePacket[]): readonly string[] {
  const kinds = new Map(packets.flatMap(({boxes}) => boxes.map(({key, kind}) => [key, kind] as const)))
  const seen = new Map<string, number>()
  return lines.filter(line => {
    const kind = kinds.get(line.split(' ').at(-1)!)
    if (kind === undefined) return true
    seen.set(kind, (seen.get(kind) ?? -1) + 1)
    return seen.get(kind)! % amount(1, 12) === 0
  })
}

describe.each(Object.entries(sealedBoxes))('a missing %s', (label, count) => {
  const lines = linesOf('small')
  const packets = deepPackets('small')

  test('leaves sealed exactly what depends on it, each box naming it, and changes nothing else', async () => {
    const all = await framesOf('small', lines.join('\n'), 0)
    let left = 0
    const missing = lines.filter(line => line.startsWith(`${label} `))
    for (const line of spread(missing, packets)) {
      const rest = lines.toSpliced(lines.indexOf(line), 1)
      const depths = openDepths(packets, sharedKeysOf(rest, lines))
      const frames = await framesOf('small', rest.join('\n'), 0)
      expect(severe(frames)).toBe(severe(all))
      for (const [place, record] of frames) {
        const before = all.get(place)!
        const now = plaintextsOf(record)
        expect(now, `${place} without ${line}`).toEqual(plaintextsOf(before).slice(0, depths.get(place) ?? 0))
        const messages = record.findings.map(messageOf)
        if (now.length === before.opened.length) expect(messages).toEqual(before.findings.map(messageOf))
        else {
          left++
          expect(
            publicKeysIn(line).some(key => messages.join('\n').includes(key)),
            `${place} without ${line}`,
          ).toBe(true)
        }
      }
    }
    expect(left).toBe(count)
  })
})

/** Whether all that is opened of a packet is what it truly is. */
const isTrue = ({place, boxes}: TruePacket, frames: Map<string, SessionRecord>): boolean =>
  plaintextsOf(frames.get(place)).every((plain, depth) => plain === (boxes[depth]?.plaintext ?? plain))

const secretLines = (name: string): string[] => linesOf(name).filter(line => line.startsWith('TOX_SECRET_KEY '))

/** Number of the first record that shows a public key; Infinity: none does. */
function firstShowing(publicKey: string, frames: Map<string, SessionRecord>): number {
  const shows = ({window, opened}: SessionRecord) =>
    [window, ...opened].some(each => each && hexOf(each.bytes, each.start, each.end).includes(publicKey))
  return [...frames.values()].find(shows)?.number ?? Number.POSITIVE_INFINITY
}

describe('a log of secret keys alone', () => {
  test('opens true plaintexts; without one key, exactly boxes that rest on it stay sealed, each with what it needs', async () => {
    const all = secretLines('small')
    const made = new Map(all.map(line => [line, sharedKeysOf([line], linesOf('small'))]))
    const packets = deepPackets('small')
    const before = await framesOf('small', all.join('\n'), 0)
    let lost = 0
    let named = 0
    for (const line of all) {
      const rest = all.filter(other => other !== line)
      const after = await framesOf('small', rest.join('\n'), 0)
      const publicKey = publicKeysIn(line)[0]!
      const shownFrom = firstShowing(publicKey, after)
      expect(severe(after)).toBe(severe(before))
      for (const packet of packets) {
        const {place, boxes} = packet
        const [then, now] = [before, after].map(frames => plaintextsOf(frames.get(place)).length) as [number, number]
        const own = boxes
          .slice(0, then)
          .map(({key}) => made.get(line)!.has(key) && rest.every(l => !made.get(l)!.has(key)))
        expect(isTrue(packet, before) && isTrue(packet, after), place).toBe(true)
        // The relay's key is in the log of its connections, too.
        const isNeeded = own.includes(true) && !fixtureText('captures/small/sessions.keylog').includes(line)
        if (isNeeded) expect(now, `${place} without ${line}`).toBeLessThan(then)
        const record = after.get(place)!
        const findings = record.findings.map(messageOf)
        if (now === then) expect(findings.length, place).toBe(before.get(place)!.findings.length)
        else {
          lost++
          expect(made.get(line)!.has(boxes[now]!.key), `${place} without ${line}`).toBe(true)
          expect(findings.join(), place).toMatch(/ a TOX_S\w+ (or TOX_SHARED_KEY )?line /)
          // What nothing shows up to here cannot be named: the box is opened by trying all keys.
          if (shownFrom > record.number) continue
          named++
          expect(findings.join(), `${place} without ${line}`).toContain(publicKey)
        }
      }
    }
    expect([lost, named]).toEqual([25, 4])
  })

  test('of a longer recording opens true plaintexts, and each box that stays sealed says what would open it', async () => {
    const frames = await framesOf('two_clients', secretLines('two_clients').join('\n'), 0)
    const counts = {open: 0, sealed: 0}
    for (const packet of deepPackets('two_clients')) {
      const record = frames.get(packet.place)!
      expect(isTrue(packet, frames), packet.place).toBe(true)
      counts.open += record.opened.length
      if (record.opened.length === packet.boxes.length) continue
      counts.sealed++
      const messages = record.findings.filter(({code}) => code === 'inner-sealed').map(messageOf)
      expect(messages, packet.place).toEqual([expect.stringMatching(/ a TOX_S\w+ (or TOX_SHARED_KEY )?line /)])
    }
    expect(counts).toMatchInlineSnapshot(`
      {
        "open": 1435,
        "sealed": 1920,
      }
    `)
  })
})

describe('the line of a crypto session alone', () => {
  /** Of the two peers of `small`, from their opened handshakes. */
  async function lineOf(): Promise<readonly [label: string, a: string, b: string, shared: string, ...string[]]> {
    const frames = await framesOf('small', innerKeys('small'), 0)
    const announced = new Map<string, string>()
    for (const record of frames.values())
      for (const {window, opened} of levelsOf(record.window, record.opened)) {
        const handshake = isPacket(window, 'crypto_handshake') && opened
        if (handshake) announced.set(hexField(handshake, 'session_pk'), hexField(handshake, 'base_nonce'))
      }
    const [[a, nonceA], [b, nonceB]] = [...announced] as [[string, string], [string, string]]
    const secret = secretLines('small')
      .find(line => publicKeysIn(line)[0] === a)!
      .split(' ')[2]!
    return ['TOX_CRYPTO_SESSION', a, b, hexOf(box.sharedKey(bytesOf(b), bytesOf(secret))), nonceA, nonceB]
  }

  /** Crypto data, and of those that stay sealed, why. */
  async function dataWith(line: readonly string[]) {
    const frames = await framesOf('small', line.join(' '), 0)
    const data = [...frames.values()].flatMap(record =>
      levelsOf(record.window, record.opened)
        .filter(({window}) => isPacket(window, 'crypto_data'))
        .map(({opened}) => ({record, isOpen: opened !== undefined})),
    )
    const reasons = data.flatMap(({record, isOpen}) => (isOpen ? [] : record.findings.map(messageOf)))
    return {frames, all: data.length, open: data.filter(({isOpen}) => isOpen).length, reasons: new Set(reasons)}
  }

  test('opens all of its crypto data, without the keys of cookies and handshakes', async () => {
    const {frames, all, open, reasons} = await dataWith(await lineOf())
    expect([all, open, reasons.size]).toEqual([93, 93, 0])
    expect(deepPackets('small').filter(packet => !isTrue(packet, frames))).toEqual([])
  })

  test('also where its public keys are not known, or exchanged with their nonces', async () => {
    const [label, a, b, shared, nonceA, nonceB] = await lineOf()
    expect((await dataWith([label, b, a, shared, nonceB!, nonceA!])).open).toBe(93)
    expect((await dataWith([label, 'ab'.repeat(32), 'cd'.repeat(32), shared, nonceA!, nonceB!])).open).toBe(93)
  })

  test('opens what the sender of its one nonce sends; what stays sealed says that a nonce is missing', async () => {
    const [label, a, b, shared, nonceA] = await lineOf()
    const half = await dataWith([label, a, b, shared, nonceA!, '-'])
    expect(half.open).toBeGreaterThan(30)
    expect(half.open).toBeLessThan(60)
    const none = await dataWith([label, a, b, shared, '-', '-'])
    expect(none.open).toBe(0)
    for (const {reasons} of [half, none])
      expect([...reasons].join('\n')).toMatch(/^no key opens .* the base nonces of a TOX_CRYPTO_SESSION line/)
  })
})

test('wrong keys of every kind open nothing and accuse nobody', async () => {
  const [a, b] = ['5a'.repeat(32), 'a5'.repeat(32)]
  const clients = (innerKeys('small').match(/^TOX_SECRET_KEY \S+/gm) ?? []).map(line => line.split(' ')[1]!)
  const wrong = clients.flatMap(client => [
    `TOX_SHARED_KEY ${client} - ${a}`,
    `TOX_SHARED_KEY - ${client} ${b}`,
    `TOX_SECRET_KEY ${client} ${b}`,
    `TOX_CRYPTO_SESSION ${client} ${a} ${b} ${'11'.repeat(24)} ${'22'.repeat(24)}`,
  ])
  const [without, frames] = [await framesOf('small', '', 0), await framesOf('small', wrong.join('\n'), 0)]
  expect(severe(frames)).toBe(severe(without))
  for (const [place, record] of frames) expect(plaintextsOf(record)).toEqual(plaintextsOf(without.get(place)))
})

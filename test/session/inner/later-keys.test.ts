import {deepStrictEqual, ok} from 'node:assert'
import {expect, test} from 'vitest'
import type {KeyItem} from '../../../src/crypto/key-item.js'
import {KeyLogReader} from '../../../src/crypto/keylog.js'
import type {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {runCapture} from '../../../src/reading/capture-run.js'
import {inMemory} from '../../../src/reading/capture-source.js'
import {detached, type SessionRecord} from '../../../src/session/record.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import {amount, amountOf} from '../../amount.js'
import {printed} from '../../view/print.js'
import {fixture, fixtureText, ringOf, ringOfLog, secretKey} from '../recorded.js'

const keysOf = (name: string): string =>
  ['sessions', 'inner'].map(log => fixtureText(`captures/${name}/${log}.keylog`)).join('\n')

/** Reads a capture of the fixtures. @param before called before each record is made: it may add keys. */
async function read(
  path: string,
  keyring: Keyring,
  before: (made: number) => unknown,
  take: (record: SessionRecord) => void,
): Promise<void> {
  let made = 0
  await runCapture({
    ...{sources: [inMemory(fixture(path))], keyring, ports: [], isWanted: () => true},
    packet: () => before(made),
    take: record => {
      made++
      take(record)
      return true
    },
  })
}

/** The records of a real capture in JSON. */
async function recordsOf(name: string, keyring: Keyring, before: (made: number) => void): Promise<string[]> {
  const records: string[] = []
  await read(`captures/${name}/capture.pcap`, keyring, before, record => {
    records.push(recordToJson(record, {bytes: false}))
  })
  return records
}

test.each(amountOf(['small', 'two_clients'], 1))(
  'keys that come later and open nothing change nothing that is told of %s',
  async name => {
    const recordsWith = async (every: number): Promise<string[]> => {
      const keyring = ringOfLog(keysOf(name))
      return recordsOf(name, keyring, made => {
        const key = (made + 1).toString(16).padStart(64, '0')
        if (every > 0 && made % every === 0) keyring.add(secretKey(key), 'the test')
      })
    }
    const alone = await recordsWith(0)
    expect(alone.length).toBeGreaterThan(300)
    for (const every of [7, 100]) {
      const records = await recordsWith(every)
      expect(records.filter((record, at) => record !== alone[at])).toEqual([])
    }
  },
)

interface LevelJson {
  readonly state: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly inner: LevelJson | null
}

interface RecordJson extends LevelJson {
  readonly kind: string
  readonly findings: readonly {readonly code: string; readonly message: string}[]
  readonly inferred?: Readonly<Record<string, unknown>> & {
    readonly first_number?: number
    readonly answers?: number
    readonly sessions?: readonly {readonly session: number; readonly end: string}[]
  }
}

/** How much of a record is open. */
function depthOf(record: LevelJson | null): number {
  if (!record) return 0
  return (record.state === 'open' ? 2 - Number('payload' in record.fields) : 0) + depthOf(record.inner)
}

const sealedCodes = ['inner-sealed', 'frame-sealed', 'handshake-sealed']

/** Compares records that were made with keys that came late with those of keys that were there from the start. */
class Comparison {
  /** What has another number in both, as something before it stayed sealed: numbers by what is counted. */
  readonly #numbers = new Map<string, number>()
  readonly #early: readonly RecordJson[]
  readonly #late: readonly RecordJson[]

  constructor(early: readonly string[], late: readonly string[]) {
    this.#early = early.map(text => JSON.parse(text) as RecordJson)
    this.#late = late.map(text => JSON.parse(text) as RecordJson)
  }

  check(): void {
    expect(this.#late.length).toBe(this.#early.length)
    for (const [at, late] of this.#late.entries()) this.#record(this.#early[at]!, late)
  }

  /** Whether a record, by its number, was less open. */
  #stayedSealed(number: number | undefined): boolean {
    return number !== undefined && depthOf(this.#late[number - 1]!) < depthOf(this.#early[number - 1]!)
  }

  #record(early: RecordJson, late: RecordJson): void {
    for (const {code, message} of late.findings)
      ok(sealedCodes.includes(code) || early.findings.some(other => other.code === code), message)
    if (late.kind === 'end') deepStrictEqual(late.fields['how'], early.fields['how'])
    const isOpen = depthOf(early) === depthOf(late)
    if (isOpen && late.kind !== 'end') deepStrictEqual([late.fields, late.inner], [early.fields, early.inner])
    const {first_number: first, answers, ...more} = early.inferred ?? {}
    for (const {session, end} of late.inferred?.sessions ?? []) {
      const known = this.#numbers.get(`session ${session}`)
      ok(
        more.sessions?.some(other => other.session === known && other.end === end),
        'the session is not over',
      )
    }
    if (!isOpen) return
    const isLess = this.#stayedSealed(first) || this.#stayedSealed(answers)
    for (const [name, value] of Object.entries(late.inferred ?? {})) {
      const other = early.inferred?.[name]
      // Where what the silent peer had said stayed sealed, less is known of the end.
      const isEndLess = value === 'killed-after-unseen' && (other === 'killed-after-silence' || other === 'killed')
      if (name === 'sessions' || (name === 'end' && isEndLess)) continue
      if (name === 'session' || name === 'transfer') this.#same(name, value as number, other as number)
      else if (!isLess) deepStrictEqual(value, other, name)
    }
  }

  #same(name: string, late: number, early: number): void {
    for (const [key, number] of [
      [`${name} ${late}`, early],
      [`${name} ${early} of the early ones`, late],
    ] as const) {
      deepStrictEqual(this.#numbers.get(key) ?? number, number, key)
      this.#numbers.set(key, number)
    }
  }
}

const itemsOf = (text: string): KeyItem[] => {
  const reader = new KeyLogReader('the fixture')
  return [...reader.push(text), ...reader.end()]
}

/** Numbers from 0 to 1, the same for the same seed. */
function* numbersOf(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

/**
 * A ring that gets keys late, each at a random moment.
 * @param records number of all records.
 * @param isLate which keys are late: the others are there at the start.
 */
function lateRing(
  items: readonly KeyItem[],
  random: Generator<number>,
  records: number,
  isLate: {readonly sessions: boolean; readonly others: boolean},
): {readonly ring: Keyring; readonly add: (made: number) => void} {
  const ring = ringOf([])
  const waiting = items
    .map(item => {
      const place = Math.floor(random.next().value * records)
      return {item, at: (item.kind === 'tcp_session' ? isLate.sessions : isLate.others) ? place : 0}
    })
    .sort((a, b) => b.at - a.at)
  const add = (made: number) => {
    while (waiting.length > 0 && waiting.at(-1)!.at <= made) ring.add(waiting.pop()!.item, 'the test')
  }
  return {ring, add}
}

test.each(amountOf(['small', 'small_v6', 'bootstrapd_relay', 'two_clients'], 3))(
  'what opens in %s once late keys are there says the same as if they had been there from the start',
  async name => {
    const items = itemsOf(keysOf(name))
    const early = await recordsOf(name, ringOf(items), () => {})
    for (let seed = 1; seed <= amount(16, 2); seed++) {
      const isLate = {sessions: seed % 3 !== 0, others: seed % 3 !== 1}
      const {ring, add} = lateRing(items, numbersOf(seed), early.length, isLate)
      const late = await recordsOf(name, ring, add)
      new Comparison(early, late).check()
    }
  },
)

test('what members of a group say is shown once, though a connection does not name its peer without late keys', async () => {
  const path = 'newer-toxcore/invitation.pcapng'
  const items = itemsOf(fixtureText('newer-toxcore/invitation.keylog'))
  const saidWith = async (keyring: Keyring, before: (made: number) => unknown): Promise<string[]> => {
    const kept: SessionRecord[] = []
    await read(path, keyring, before, record => kept.push(detached(record)))
    return printed(kept, {format: 'conversation', width: 10_000})
      .split('\n')
      .filter(line => line.includes('longest to'))
      .map(line => line.replace(/^.*? > .*? {2}/, ''))
  }
  const early = await saidWith(ringOf(items), () => {})
  expect(new Set(early).size).toBe(2)
  const sessions = items.filter(({kind}) => kind === 'tcp_session')
  for (const late of sessions) {
    const ring = ringOf(items.filter(item => item !== late))
    // After the routes were asked for, and before the long messages.
    const said = await saidWith(ring, made => made > 190 && ring.add(late, 'the test'))
    expect(new Set(said).size).toBe(said.length)
  }
})

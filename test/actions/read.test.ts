import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {InputError} from '../../src/wire/input-error.js'
import {
  type CaptureFile,
  captures,
  type JsonRecord,
  runRead,
  type TruePacket,
  variants,
  wholeRun,
} from '../reading/capture-files.js'

const sender = {c2s: 'client', s2c: 'relay'} as const

/** Opened plaintexts of one side of each connection, by nonce offset. */
function openedSides(records: readonly JsonRecord[]): Map<string, Map<number, JsonRecord>> {
  const sides = new Map<string, Map<number, JsonRecord>>()
  for (const record of records) {
    if (record.kind !== 'frame' || record.state !== 'open') continue
    const side = `${record.connection} ${record.from}`
    if (!sides.has(side)) sides.set(side, new Map())
    sides.get(side)!.set(record.index!, record)
  }
  return sides
}

interface Side {
  readonly key: string
  readonly truth: readonly TruePacket[]
  readonly opened: ReadonlyMap<number, JsonRecord>
}

/** Each side of truth with the side of a connection that has most of its plaintexts. */
function matched(truth: readonly TruePacket[], records: readonly JsonRecord[]): Side[] {
  const opened = openedSides(records)
  const keys = [...new Set(truth.map(({session, direction}) => `${session}/${direction}`))]
  return keys.map(key => {
    const own = truth.filter(({session, direction}) => `${session}/${direction}` === key)
    const score = (side: ReadonlyMap<number, JsonRecord>) =>
      own.filter(({seq, plaintext}) => side.get(seq)?.plaintext === plaintext).length
    const candidates = [...opened].filter(([side]) => side.endsWith(sender[own[0]!.direction])).map(([, side]) => side)
    const best = candidates.reduce<ReadonlyMap<number, JsonRecord>>((a, b) => (score(b) > score(a) ? b : a), new Map())
    return {key, truth: own, opened: best}
  })
}

/** Everything that must be open is, and nothing is open that is not true. */
function judge({truth, floor, recoverable}: CaptureFile, records: readonly JsonRecord[]): number {
  let count = 0
  for (const {key, truth: own, opened} of matched(truth, records)) {
    const plain = new Map(own.map(({seq, plaintext}) => [seq, plaintext]))
    const wanted = own.filter(
      ({seq}) =>
        floor === undefined || [floor[key], recoverable[key]].some(range => range && seq >= range[0] && seq < range[1]),
    )
    for (const {seq, plaintext} of wanted) expect(opened.get(seq)?.plaintext, `${key} frame ${seq}`).toBe(plaintext)
    for (const [seq, {plaintext}] of opened) expect(plaintext, `${key} frame ${seq}`).toBe(plain.get(seq))
    count += opened.size
  }
  return count
}

describe('captures of real sessions', () => {
  let total = 0
  for (const each of captures) {
    it(`opens every frame of ${each.name}`, async () => {
      const {records, status, error} = await wholeRun(each)
      expect([status, error]).toEqual([0, undefined])
      const count = judge(each, records)
      expect(count).toBe(each.truth.length)
      total += count
      console.log(`${each.name}: ${count} frames open to their true plaintext, ${total} so far`)
    })
  }

  for (const name of ['two_clients', 'small', 'small_v6', 'bootstrapd_relay', 'relay_only']) {
    it(`finds no error in ${name}`, async () => {
      const {records} = await wholeRun(captures.find(each => each.name === name)!)
      expect(records.flatMap(({findings}) => findings.filter(({severity}) => severity === 'error'))).toEqual([])
    })
  }

  it('names the capture packet that completes each frame', async () => {
    const each = captures.find(({name}) => name === 'small')!
    const {records} = await wholeRun(each)
    for (const {truth, opened} of matched(each.truth, records))
      for (const {seq, packet_no} of truth) expect(opened.get(seq)!.packets.at(-1)).toBe(packet_no)
  })
})

describe('captures made difficult', () => {
  for (const each of variants) {
    it(`opens what ${each.name} lets be opened`, async () => {
      const {records, error} = await wholeRun(each)
      if (error) expect(error).toBeInstanceOf(InputError)
      const count = judge(each, records)
      console.log(`${each.name}: ${count} of ${each.truth.length} frames open to their true plaintext`)
      if (each.floor === undefined) expect(count).toBe(each.truth.length)
    })
  }

  it('says that bytes are missing, how many, and goes on', async () => {
    const {file, keylogs} = variants.find(({name}) => name === 'gap')!
    const {records} = await runRead([file], keylogs)
    expect(
      records.filter(({kind}) => kind === 'gap').map(record => (record as unknown as {length: number}).length),
    ).toEqual([373])
  })

  it('says where a capture is cut off, after all that came before', async () => {
    const {file, keylogs} = variants.find(({name}) => name === 'file_cut_data')!
    const {records, error} = await runRead([file], keylogs)
    expect(records.length).toBeGreaterThan(200)
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toMatch(/cut off inside a record at byte \d+/)
  })

  it('says that bytes came again with other contents', async () => {
    const {file} = captures.find(({name}) => name === 'small')!
    const bytes = readFileSync(file)
    const {records} = await runRead(['-'], [], {}, [withConflict(bytes)])
    expect(records.flatMap(({findings}) => findings.map(({code}) => code))).toContain('bytes-conflict')
  })
})

/** The capture with its largest packet again, right behind itself, one payload byte changed. */
function withConflict(capture: Uint8Array): Uint8Array {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.length)
  for (let at = 24; at < capture.length; ) {
    const size = view.getUint32(at + 8, true)
    const end = at + 16 + size
    if (size > 1000) {
      const again = Uint8Array.from(capture.subarray(at, end))
      again[again.length - 1]! ^= 1
      return Buffer.concat([capture.subarray(0, end), again, capture.subarray(end)])
    }
    at = end
  }
  return capture
}

/** What is worked out of a record, but for where its packet is on the other connection. */
const withoutOtherHalf = ({inferred}: JsonRecord): unknown => {
  const {sent_as, sent_on, arrival, arrives_as, arrives_on, transit_micros, ...others} = inferred ?? {}
  return others
}

describe('how a capture comes', () => {
  const small = captures.find(({name}) => name === 'small')!
  const bytes = readFileSync(small.file)

  it('reads standard input, in pieces of any size, to the same records', async () => {
    const whole = await wholeRun(small)
    const pieces = Array.from({length: Math.ceil(bytes.length / 997)}, (_, i) => bytes.subarray(i * 997, (i + 1) * 997))
    const piped = await runRead(['-'], small.keylogs, {}, pieces)
    // A live source does not hold one connection's packets back for another's: the order over both may differ, each
    // one's own may not. Nor does a live source wait to know where a packet arrives.
    const own = (records: readonly JsonRecord[], connection: number) =>
      records
        .filter(record => record.connection === connection)
        .map(record => ({...record, number: 0, inferred: withoutOtherHalf(record)}))
    for (const connection of [0, 1]) expect(own(piped.records, connection)).toEqual(own(whole.records, connection))
  })

  it('reads several files as one', async () => {
    const {records} = await runRead([small.file, captures.find(({name}) => name === 'relay_only')!.file], small.keylogs)
    expect(new Set(records.map(({connection}) => connection))).toEqual(new Set([0, 1, 2]))
  })

  it('prints only a connection, a filter, a count', async () => {
    const one = await runRead([small.file], small.keylogs, {connections: '1'})
    expect(new Set(one.records.map(({connection}) => connection))).toEqual(new Set([1]))
    const pings = await runRead([small.file], small.keylogs, {filter: 'ping_request', count: 2})
    expect(pings.records.map(({type}) => type)).toEqual(['ping_request', 'ping_request'])
  })

  it('prints several connections, and records by their numbers', async () => {
    const several = await runRead([small.file], small.keylogs, {connections: '0,1'})
    expect(several.records).toEqual((await wholeRun(small)).records)
    const numbered = await runRead([small.file], small.keylogs, {numbers: '3,10-12'})
    expect(numbered.records.map(({number}) => number)).toEqual([3, 10, 11, 12])
    const open = await runRead([small.file], small.keylogs, {numbers: '10-', count: 2})
    expect(open.records.map(({number}) => number)).toEqual([10, 11])
    // The key is that of a handshake before the chosen records.
    const ofKey = await runRead([small.file], small.keylogs, {numbers: '7-10', filter: 'key == 4e462e4d'})
    expect(ofKey.records.map(({number}) => number)).toEqual([7, 9])
  })

  it.each([[{connections: 'x'}], [{connections: '3-1'}], [{connections: ''}], [{numbers: '1,'}], [{numbers: '-5'}]])(
    'refuses %j',
    async options => {
      expect((await runRead([small.file], small.keylogs, options)).error).toMatchObject({code: 'bad-option'})
    },
  )

  it('says that a capture holds no Tox connection', async () => {
    const header = bytes.subarray(0, 24)
    const {status, notes, records} = await runRead(['-'], [], {}, [header])
    expect([status, records.length]).toEqual([0, 0])
    expect(notes).toMatch(/no Tox connection/)
  })

  it('refuses what is no capture in one sentence', async () => {
    const {error} = await runRead(['-'], [], {}, [Buffer.from('hello, this is no capture')])
    expect(error).toBeInstanceOf(InputError)
  })
})

import {describe, expect, test} from 'vitest'
import {isAtLeast} from '../../../src/expert/rule.js'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {severityIn} from '../../../src/session/record.js'
import {fieldOf} from '../../../src/wire/window.js'
import {fixture, fixtureText, hexOf} from '../recorded.js'

const captures = ['small', 'small_v6', 'bootstrapd_relay', 'two_clients'] as const

async function recordsOf(name: string, threads = 0): Promise<SessionRecord[]> {
  const keylog = new TextEncoder().encode(fixtureText(`captures/${name}/sessions.keylog`))
  const records: SessionRecord[] = []
  for await (const {source} of openCapture(fixture(`captures/${name}/capture.pcap`), {keylog, threads}))
    records.push(source)
  return records
}

const dataOf = ({window}: SessionRecord): string => hexOf(fieldOf(window!, 'data') as Uint8Array)
const isPassed = ({window, from}: SessionRecord): boolean =>
  window?.type.name === 'oob_receive' || (window?.type.name === 'data' && from === 'relay')
const ties = (records: readonly SessionRecord[]): unknown[] =>
  records.map(({number, inferred}) => [number, inferred?.sentAs, inferred?.arrival?.at])

describe.each(captures)('in %s, where both clients were captured', name => {
  test('each packet that the relay passes on is tied to the one that was sent, and that to it', async () => {
    const records = await recordsOf(name)
    const byNumber = new Map(records.map(record => [record.number, record]))
    const arrived = records.filter(isPassed)
    expect(arrived.length).toBeGreaterThan(50)
    for (const record of arrived) {
      const {sentAs} = record.inferred!
      const sent = byNumber.get(sentAs!.number)!
      expect(dataOf(sent)).toBe(dataOf(record))
      expect([sent.connection, sent.from]).toEqual([sentAs!.connection, 'client'])
      expect(sent.inferred?.arrival?.at).toEqual({...sentAs, number: record.number, connection: record.connection})
      expect(sentAs!.micros).toBeGreaterThan(0)
    }
  })

  test('nothing is held against the relay, with threads as without', async () => {
    const [alone, threaded] = [await recordsOf(name), await recordsOf(name, 2)]
    expect(ties(threaded)).toEqual(ties(alone))
    const codes = alone.flatMap(record =>
      record.findings.filter(found => isAtLeast(severityIn(record, found), 'note')).map(({code}) => code),
    )
    const duties = ['connect-missing', 'disconnect-missing', 'relayed-changed', 'route-refused-without-reason']
    expect(codes.filter(code => duties.includes(code))).toEqual([])
  })
})

import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {amount, amountOf} from '../../amount.js'
import {type CaptureFile, captures, type JsonRecord, runRead, wholeRun} from '../capture-files.js'
import {type CapturedSegment, captureOf, seeded, segmentsOf} from './edited-captures.js'

// Captures of which each packet is right, and the whole is not: one end was captured later than the other, two taps
// have clocks that differ, or keys of connections were exchanged.

const relayPorts = {small: 34345, relay_only: 33795, port_reuse: 34545, bootstrapd_relay: 34045} as const
type Name = keyof typeof relayPorts
/** The largest of them last. */
const names = amountOf(Object.keys(relayPorts) as readonly Name[], 3)

const named = (name: string): CaptureFile => captures.find(each => each.name === name)!

/** Codes of findings of these severities, and of causes of ends. */
const accusations = (records: readonly JsonRecord[], severities: readonly string[]): string[] => [
  ...new Set(
    records.flatMap(({findings, fields, kind}) => [
      ...findings.filter(({severity}) => severities.includes(severity)).map(({code}) => code),
      ...(kind === 'end' ? (fields['causes'] as {code: string}[]).map(({code}) => `cause ${code}`) : []),
    ]),
  ),
]

/** What an edited capture has that the whole one has not. */
async function invented(name: Name, segments: readonly CapturedSegment[], keylogs = named(name).keylogs) {
  const whole = await wholeRun(named(name))
  const {records} = await runRead([captureOf(segments)], keylogs)
  const known = accusations(whole.records, ['error', 'warn'])
  return {
    opened: records.filter(({kind, state}) => kind === 'frame' && state === 'open').length,
    codes: accusations(records, ['error', 'warn']).filter(code => !known.includes(code)),
  }
}

const byTime = (segments: readonly CapturedSegment[]): CapturedSegment[] =>
  segments.toSorted((a, b) => a.micros - b.micros)

describe.each(names)('of %s', name => {
  it.each([
    ['client', true],
    ['relay', false],
  ] as const)(
    'the %s, captured from some later packet on, has no handshake that does not open',
    async (_, isClient) => {
      const segments = segmentsOf(named(name), relayPorts[name])
      let opened = 0
      for (let seed = 0; seed < amount(6, 2); seed++) {
        const random = seeded(seed)
        const starts = new Map<number, number>()
        const part = segments.filter(({client, isClient: isOfClient}, place) => {
          if (!starts.has(client)) starts.set(client, place + Math.floor(random() * segments.length * 0.6))
          return isOfClient !== isClient || place >= starts.get(client)!
        })
        const result = await invented(name, part)
        expect(result.codes, `seed ${seed}`).toEqual([])
        opened += result.opened
      }
      expect(opened).toBeGreaterThan(0)
    },
  )

  it.each(amountOf([-19_000_000, -3000, 380_000, 12_000_000, -380_000, 3000], 3))(
    'packets of one host whose clock is %i microseconds off accuse nobody',
    async micros => {
      const segments = segmentsOf(named(name), relayPorts[name])
      for (const isMoved of [
        ({isClient}: CapturedSegment) => isClient,
        ({isClient}: CapturedSegment) => !isClient,
        ({isClient, client}: CapturedSegment) => isClient && client === segments[0]!.client,
      ]) {
        const moved = segments.map(each => (isMoved(each) ? {...each, micros: each.micros + micros} : each))
        expect((await invented(name, byTime(moved))).codes).toEqual([])
      }
    },
  )

  it('all packets once more, from a second tap, are no handshakes that are sent again', async () => {
    const segments = segmentsOf(named(name), relayPorts[name])
    for (const micros of [20, 5000, 650_000]) {
      const second = segments.map(each => ({...each, micros: each.micros + micros}))
      const {codes} = await invented(name, byTime([...segments, ...second]))
      expect(codes, `${micros} microseconds later`).toEqual([])
    }
  })

  it('with the session keys of two connections exchanged, nobody sealed a frame wrong', async () => {
    const lines = readFileSync(named(name).keylogs[0]!, 'utf8')
      .split('\n')
      .filter(line => line.startsWith('TOX_TCP_SESSION'))
      .map(line => line.split(' '))
    const exchanged = lines.map(([label, client, relay], at) => {
      const other = lines[(at + 1) % lines.length]!
      return [label, client, relay, ...other.slice(3)].join(' ')
    })
    const keys = {key: [], keylog: [Buffer.from(exchanged.join('\n'))], secretKey: [], relayPk: [], env: {}}
    const {records} = await runRead([named(name).file], [], {keys})
    expect(accusations(records, ['error'])).not.toContain('frame-mac')
  })
})

it('a handshake whose answer was not captured is not unanswered, whenever the client leaves', async () => {
  const segments = segmentsOf(named('relay_only'), relayPorts.relay_only)
  const isPart = ({isClient, size}: CapturedSegment) => isClient && (size === 0 || size === 128)
  const {keylogs} = named('relay_only')
  const {records} = await runRead([captureOf(segments.filter(isPart))], keylogs, {ports: [relayPorts.relay_only]})
  expect(records.map(({kind}) => kind)).toContain('end')
  expect(accusations(records, ['error', 'warn'])).toEqual([])
})

it("clients alone are not accused of what only a tox-rs relay refuses, as the relay's packets would tell", async () => {
  const segments = segmentsOf(named('synthetic_clients'), 34145).filter(({isClient}) => isClient)
  const {records} = await runRead([captureOf(segments)], named('synthetic_clients').keylogs)
  const codes = accusations(records, ['error', 'warn'])
  expect(codes).toContain('reserved-id')
  expect(codes).not.toContain('forward-request-tox-rs')
  expect(codes).not.toContain('data-empty-unseen')
})

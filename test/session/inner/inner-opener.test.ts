import {describe, expect, test} from 'vitest'
import {openCapture} from '../../../src/library/open-capture.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {fixture, fixtureText, hexOf} from '../recorded.js'
import {deepPackets} from './deep.js'

const captures = ['small', 'small_v6', 'bootstrapd_relay', 'two_clients'] as const

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

interface Outcome {
  readonly kind: string
  /** Whether it opened to its true plaintext. */
  readonly isOpen: boolean
}

async function outcomesOf(name: string, threads: number): Promise<Outcome[]> {
  const frames = await framesOf(name, innerKeys(name), threads)
  return deepPackets(name).flatMap(({place, boxes}) => {
    const plaintexts = plaintextsOf(frames.get(place))
    return boxes.map(({kind, plaintext}, depth) => {
      const own = plaintexts[depth]
      return {kind, isOpen: own !== undefined && own === (plaintext ?? own)}
    })
  })
}

/** Boxes of the four captures, by kind. */
const truth = {
  'layer2 box': 1971,
  'layer3 box': 1971,
  'announce_request box': 1944,
  'data_route_request box': 27,
  'data_route_request inner_box': 27,
  'announce_response box': 1944,
  'data_route_response box': 18,
  'data_route_response inner_box': 18,
  'cookie_request box': 27,
  'cookie_response box': 16,
  'crypto_handshake box': 20,
  'crypto_data box': 1251,
}

describe('boxes inside the packets of real captures', () => {
  test.each([0, 1, 2])('open to their true plaintext, each of them, with %i threads', async threads => {
    const outcomes: Outcome[] = []
    for (const name of captures) outcomes.push(...(await outcomesOf(name, threads)))
    const kinds = Object.keys(truth) as (keyof typeof truth)[]
    const open = kinds.map(kind => [kind, outcomes.filter(each => each.kind === kind && each.isOpen).length])
    expect(Object.fromEntries(open)).toEqual(truth)
    expect(outcomes.length).toBe(9234)
  })
})

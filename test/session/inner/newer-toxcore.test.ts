import {describe, expect, test} from 'vitest'
import {severityOf} from '../../../src/expert/finding.js'
import {isAtLeast} from '../../../src/expert/rule.js'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {levelsOf} from '../../../src/protocol/levels.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {assembledWindow} from '../../../src/session/record-levels.js'
import {fieldOf} from '../../../src/wire/window.js'
import {fixture, hexOf} from '../recorded.js'

async function recordsOf(name: string, keys = name): Promise<SessionRecord[]> {
  const records: SessionRecord[] = []
  const keylog = fixture(`newer-toxcore/${keys}.keylog`)
  for await (const {source} of openCapture(fixture(`newer-toxcore/${name}.pcapng`), {keylog})) records.push(source)
  return records
}

describe.each(['group', 'forwarding'])('a recording of c-toxcore 0.2.23: %s', name => {
  test('opens to the last box, without an error', async () => {
    const records = await recordsOf(name)
    expect(records.filter(({kind, window}) => kind === 'frame' && !window)).toEqual([])
    const found = records.flatMap(({findings}) => findings)
    expect(found.filter(({code}) => code === 'inner-sealed')).toEqual([])
    expect(found.filter(each => severityOf(each) === 'error')).toEqual([])
  })
})

test('nothing that c-toxcore 0.2.23 sends in groups is worth a warning, whoever receives it', async () => {
  const records = [...(await recordsOf('group')), ...(await recordsOf('search', 'invitation'))]
  const found = records.flatMap(({findings, from}) => findings.map(each => ({from, each})))
  expect(found.filter(({each}) => each.code === 'onion-response-new-announce')).toHaveLength(6)
  expect(found.filter(({each, from}) => isAtLeast(severityOf(each, from), 'warn')).map(({each}) => each.code)).toEqual(
    [],
  )
})

/** What both messages of the recording say, 1,310 bytes: more than a packet of a group holds. */
const text = `begin ${'0123456789 ab'.repeat(100)} end`

test('messages of a group that come in fragments are put together, on data packets and out of band', async () => {
  const whole = (await recordsOf('group')).flatMap(({number, connection, from, inferred}) => {
    const {assembled} = inferred ?? {}
    if (!assembled) return []
    const {window} = levelsOf(assembledWindow(assembled) ?? null, []).at(-1)!
    return [{number, at: `${connection} ${from}`, type: window.type.name, text: fieldOf(window, 'text')}]
  })
  expect(new Set(whole.map(each => each.text))).toEqual(new Set([text]))
  expect(whole.map(({number, at, type}) => `${number}: ${at} ${type}`)).toMatchInlineSnapshot(`
    [
      "88: 0 client group_private_message",
      "94: 1 relay group_private_message",
      "121: 0 client group_private_message",
      "189: 0 client group_private_message",
      "210: 0 client group_message",
      "214: 0 client group_message",
      "230: 2 relay group_message",
    ]
  `)
})

test('an announcement is searched for, stored and retrieved through a relay and up to two other nodes', async () => {
  const records = await recordsOf('forwarding')
  const requests = ['data_search_request', 'store_announce_request', 'data_retrieve_request']
  const exchanges: string[] = []
  const retrieved = new Set<string>()
  for (const {connection, window, opened, inferred} of records) {
    const levels = levelsOf(window, opened)
    const names = levels.map(level => level.window.type.name)
    const chain = names.filter(name => name === 'forward_chain').length
    const request = names.find(name => requests.includes(name))
    if (request !== undefined) exchanges.push(`${connection}: ${request} over ${chain}`)
    if (names[0] !== 'forwarding') continue
    expect(inferred?.answers).toBeDefined()
    const result = levels.at(-1)!
    exchanges.push(`${connection}: ${result.window.type.name}`)
    if (result.window.type.name === 'data_retrieve_response') {
      const {bytes, start, end} = result.opened!
      retrieved.add(Buffer.from(hexOf(bytes, start + 33, end - 8), 'hex').toString())
    }
  }
  expect([...retrieved]).toEqual(['an announcement of a group'])
  expect(exchanges.toSorted()).toMatchInlineSnapshot(`
    [
      "0: data_retrieve_request over 0",
      "0: data_retrieve_response",
      "0: data_search_request over 0",
      "0: data_search_request over 0",
      "0: data_search_response",
      "0: data_search_response",
      "0: store_announce_request over 0",
      "0: store_announce_response",
      "1: data_retrieve_request over 1",
      "1: data_retrieve_response",
      "1: data_search_request over 1",
      "1: data_search_request over 1",
      "1: data_search_request over 1",
      "1: data_search_response",
      "1: data_search_response",
      "1: store_announce_request over 1",
      "1: store_announce_response",
      "2: data_retrieve_request over 2",
      "2: data_retrieve_response",
      "2: data_search_request over 2",
      "2: data_search_request over 2",
      "2: data_search_request over 2",
      "2: data_search_response",
      "2: data_search_response",
      "2: store_announce_request over 2",
      "2: store_announce_response",
    ]
  `)
})

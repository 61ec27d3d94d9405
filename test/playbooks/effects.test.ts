import {describe, expect, test} from 'vitest'
import type {Receiver} from '../../src/expert/rule.js'
import {ping, pong} from '../../src/probe/cases/packets.js'
import type {Sender} from '../../src/wire/side.js'
import {before, fromClientRows, fromRelayRows, keys, type Row} from './effects.js'
import type {Outcome} from './outcomes.js'
import {play} from './play.js'

function check(from: Sender, [, was, packets, cToxcore, toxRs]: Row): void {
  const dialogue = before[was](play(keys).client(ping(1)).relay(pong(1)))
  const said = dialogue.records.length
  const end = from === 'client' ? 'relay' : 'client'
  const got = (receiver: Receiver): Outcome => (dialogue.closes(receiver) ? 'dropped' : 'kept')
  expect([got(`c_toxcore_${end}`), got(`tox_rs_${end}`)]).toEqual(['kept', 'kept'])
  for (const packet of packets) dialogue[from](packet)
  dialogue.stop()
  const codes = dialogue.records.slice(said).flatMap(({findings}) => findings.map(({code}) => code))
  expect([got(`c_toxcore_${end}`), got(`tox_rs_${end}`)], codes.join(', ')).toEqual([cToxcore, toxRs])
}

describe('what a relay does with packets of a client', () => {
  test.each(fromClientRows)('%s (%s)', (...row) => check('client', row))
})

describe('what a client does with packets of a relay', () => {
  test.each(fromRelayRows)('%s (%s)', (...row) => check('relay', row))
})

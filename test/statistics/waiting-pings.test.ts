import {expect, it} from 'vitest'
import {ping, pong} from '../../src/probe/cases/packets.js'
import {FindingSummary} from '../../src/statistics/finding-summary.js'
import {statisticsOf} from '../../src/statistics/statistics.js'
import {Tally} from '../../src/statistics/tally.js'
import {keysOf} from '../playbooks/keys.js'
import {type Play, play} from '../playbooks/play.js'

const asked = (): Play => play(keysOf(1)).client(ping(1)).relay(pong(1)).client(ping(2)).after(1)
const sealedFrame = Buffer.concat([Uint8Array.of(0, 25), new Uint8Array(25)])

/** What is counted of the client's pings, up to the end of the capture or that of the connection. */
function pingsOf({records}: Play): object {
  const tally = new Tally()
  for (const record of records) tally.add(record)
  const {sent, answered, lost, notKnown} = statisticsOf(tally.counts, new FindingSummary()).pings[0]!
  return {sent, answered, lost, notKnown}
}

it.each([
  ['whose time for an answer was over is lost', asked().after(10).client(ping(3)).relay(pong(3)), 3, 2, 1],
  ['before one that was answered is lost', asked().client(ping(3)).relay(pong(3)).close('client', 'rst'), 3, 2, 1],
  ['shortly before the end is not known to be lost', asked().close('client', 'rst'), 2, 1, 0],
  ['before a frame that does not open is not known to be lost', asked().relayWire(sealedFrame).after(60), 2, 1, 0],
  ['before bytes that were not captured is not known to be lost', asked().gap('relay', 27).after(60), 2, 1, 0],
  [
    'before frames whose nonces were passed over is not known to be lost',
    asked().lost('relay', 1).relay(ping(9)).after(60),
    2,
    1,
    0,
  ],
  ['that was answered late is answered', asked().after(10).relay(pong(2)), 2, 2, 0],
])('a ping %s', (_, dialogue, sent, answered, lost) => {
  if (!dialogue.isOver) dialogue.stop()
  expect(pingsOf(dialogue)).toEqual({sent, answered, lost, notKnown: sent - answered - lost})
})

it('a filter that leaves answers out makes no ping lost', () => {
  const {records} = asked().relay(pong(2)).after(60).stop()
  const tally = new Tally()
  for (const record of records) {
    if (record.window?.type.name === 'ping_request') tally.add(record)
    else tally.note(record)
  }
  expect(statisticsOf(tally.counts, new FindingSummary()).pings[0]).toMatchObject({sent: 2, lost: 0, notKnown: 0})
})

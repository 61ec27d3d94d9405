import {describe, expect, it} from 'vitest'
import {compileFilter} from '../../../src/filter/compile.js'
import {oob, ping} from '../../../src/probe/cases/packets.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import {keysOf, peerKey} from '../../playbooks/keys.js'
import {type Play, play} from '../../playbooks/play.js'
import {messageIn, sessionLine} from './one-session.js'

const keys = keysOf(1)
const peer = peerKey(1)
const message = (place: number, isDamaged = false): Uint8Array => oob(peer, messageIn(keys.box, place, {isDamaged}))
/** A handshake that no key opens. */
const handshake = (): Uint8Array => oob(peer, Uint8Array.of(0x1a, ...new Uint8Array(384)))

function carried(say: (dialogue: Play) => Play): SessionRecord[] {
  const dialogue = play(keys)
  dialogue.keyring.add(sessionLine, 'the test')
  return say(dialogue)
    .stop()
    .records.filter(({window}) => window?.type.name === 'oob_send')
}
const innerState = (record: SessionRecord): string =>
  String((JSON.parse(recordToJson(record, {bytes: false})) as {inner: {state: string}}).inner.state)
const codes = ({findings}: SessionRecord): string[] => findings.map(({code}) => code)

describe('crypto data that the key of its session does not open', () => {
  it('has failed, and names the packet that the key opened before', () => {
    const records = carried(dialogue => dialogue.client(message(0)).client(message(1, true)).client(message(2)))
    expect(records.map(innerState)).toEqual(['open', 'failed', 'open'])
    const failed = records[1]!
    expect(codes(failed)).toContain('inner-failed')
    expect(failed.findings.find(({code}) => code === 'inner-failed')?.data).toEqual({number: records[0]!.number})
    expect(records.map(compileFilter('inner.state == failed'))).toEqual([false, true, false])
  })

  it.each([
    ['before any other opened', (dialogue: Play) => dialogue.client(message(0, true))],
    [
      'after a handshake of the same peers',
      (dialogue: Play) => dialogue.client(message(0)).client(handshake()).client(message(1, true)),
    ],
    [
      'after bytes that were not captured',
      (dialogue: Play) => dialogue.client(message(0)).gap('client', 60).client(ping(2)).client(message(1, true)),
    ],
  ])('stays sealed %s', (_, say) => {
    const last = carried(say).at(-1)!
    expect(innerState(last)).toBe('sealed')
    expect(codes(last)).toContain('inner-sealed')
  })

  it('accuses nobody', () => {
    const [, failed] = carried(dialogue => dialogue.client(message(0)).client(message(1, true)))
    expect(compileFilter('finding.severity >= warn')(failed!)).toBe(false)
  })
})

import {expect, test} from 'vitest'
import {ping, pong} from '../../src/probe/cases/packets.js'
import {keysOf} from './keys.js'
import {finding, play} from './play.js'

const keys = keysOf(1)

/** What a failing playbook says. */
function failureOf(run: () => unknown): {readonly actual: string; readonly expected: string} {
  try {
    run()
  } catch (error) {
    return error as {actual: string; expected: string}
  }
  throw new Error('the playbook did not fail')
}

test('a playbook fails with the whole dialogue as it was and as it was expected', () => {
  const dialogue = play(keys).client(ping(1)).expect('ping_request').relay(pong(2))
  const {actual, expected} = failureOf(() => dialogue.expect('pong_response', finding('pong-zero')))
  const before = '  start\n> client: 128 bytes\n  client_handshake\n> relay: 96 bytes\n  relay_handshake\n'
  const said = `${before}> client: 27 bytes\n  ping_request\n> relay: 27 bytes\n  pong_response`
  expect({actual, expected}).toMatchObject({actual: `${said} pong-mismatch`, expected: `${said} pong-zero`})
  dialogue.stop()
})

test('a playbook fails at its end if a record came that it did not expect', () => {
  const dialogue = play(keys).client(ping(1))
  const {actual, expected} = failureOf(() => dialogue.end())
  expect(actual).toBe(`${expected}\n  ping_request`)
  dialogue.stop()
})

test.fails('a playbook without an end fails its test', () => {
  play(keys).client(ping(1)).expect('ping_request')
})
